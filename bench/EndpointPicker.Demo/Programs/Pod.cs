namespace EndpointPicker.Demo.Programs;

/// <summary>One model server of a fleet.</summary>
internal sealed record Pod(string Name, int Port)
{
    public string Endpoint => $"127.0.0.1:{Port}";

    public Uri Address => new($"http://{Endpoint}");
}

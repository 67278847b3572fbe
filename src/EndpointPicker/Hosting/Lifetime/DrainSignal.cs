namespace EndpointPicker.Hosting.Lifetime;

/// <summary>Tells open streams that connections are being closed: those for which an OK end is safe end.</summary>
internal sealed class DrainSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();

    public CancellationToken Token => _source.Token;

    public Task FireAsync() => _source.CancelAsync();

    public void Dispose() => _source.Dispose();
}

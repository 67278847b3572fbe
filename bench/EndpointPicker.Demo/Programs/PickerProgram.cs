using System.Text.Json;

namespace EndpointPicker.Demo.Programs;

/// <summary>The picker as it runs: its gRPC port, and the address of its pages.</summary>
internal sealed record PickerProgram(int GrpcPort, Uri Admin)
{
    /// <summary>Where a browser sees what the picker does.</summary>
    public Uri Board => new(Admin, "/board");

    /// <summary>Starts the picker on free ports; done when it is ready.</summary>
    public static async Task<PickerProgram> StartAsync(
        RunningPrograms programs, string path, PickerFiles files, HttpClient client, CancellationToken cancellationToken)
    {
        ChildProgram epp = programs.Start(
            "epp", path, "--pool-name", "demo", "--config-file", files.Configuration, "--grpc-port=0", "--grpc-health-port=0", "--metrics-port=0", "--secure-serving=false");
        string line = await epp.WaitForLineAsync("\"event\":\"Listening\"", cancellationToken);
        using JsonDocument listening = JsonDocument.Parse(line);
        var picker = new PickerProgram(
            listening.RootElement.GetProperty("grpc").GetInt32(), new Uri($"http://127.0.0.1:{listening.RootElement.GetProperty("metrics").GetInt32()}"));
        await epp.WaitUntilOkAsync(client, new Uri(picker.Admin, "/readyz"), cancellationToken);
        return picker;
    }
}

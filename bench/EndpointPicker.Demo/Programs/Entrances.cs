using System.Text.Json;
using EndpointPicker.LoadGenerator.Gateway;

namespace EndpointPicker.Demo.Programs;

/// <summary>Where clients connect: one address in front of the picker's fleet, one in front of the other, both of the same kind.</summary>
internal sealed record Entrances(string Name, Uri Picker, Uri RoundRobin)
{
    /// <summary>One Envoy with a listener for each fleet; done when requests come through both.</summary>
    public static async Task<Entrances> StartEnvoyAsync(
        RunningPrograms programs, string envoy, string bootstrap, PickerFiles files, HttpClient client, CancellationToken cancellationToken)
    {
        string file = files.PathOf("envoy.yaml");
        string adminFile = files.PathOf("envoy-admin");
        await File.WriteAllTextAsync(file, bootstrap, cancellationToken);
        ChildProgram child = programs.Start(
            "envoy",
            envoy,
            ["-c", file, "--concurrency", "1", "--disable-hot-restart", "--log-level", "error", "--component-log-level", "main:info", "--admin-address-path", adminFile]);
        await child.WaitForLineAsync("starting main dispatch loop", cancellationToken);
        var admin = new Uri($"http://{await File.ReadAllTextAsync(adminFile, cancellationToken)}");
        string page = await client.GetStringAsync(new Uri(admin, "/listeners?format=json"), cancellationToken);
        var entrances = new Entrances("Envoy", ListenerOf(page, EnvoyBootstrap.PickerListener), ListenerOf(page, EnvoyBootstrap.RoundRobinListener));

        // Ready when a request comes through: Envoy must have seen the picker healthy.
        await child.WaitUntilOkAsync(client, new Uri(entrances.RoundRobin, "/v1/models"), cancellationToken);
        await child.WaitUntilOkAsync(client, new Uri(entrances.Picker, "/v1/models"), cancellationToken);
        return entrances;
    }

    /// <summary>Two gateways in this process.</summary>
    public static async Task<Entrances> StartGatewaysAsync(
        Stack<IAsyncDisposable> parts, int pickerPort, IReadOnlyList<Pod> picked, IReadOnlyList<Pod> roundRobin)
    {
        EnvoyGateway asking = await EnvoyGateway.StartAsync(new GatewayOptions
        {
            Processor = new Uri($"http://127.0.0.1:{pickerPort}"),
            Endpoints = [.. picked.Select(pod => pod.Endpoint)],
            Strict = true,
        });
        parts.Push(asking);
        EnvoyGateway plain = await EnvoyGateway.StartAsync(new GatewayOptions { Endpoints = [.. roundRobin.Select(pod => pod.Endpoint)] });
        parts.Push(plain);
        return new Entrances("the built-in gateway, which behaves as Envoy does (no Envoy used)", asking.Address, plain.Address);
    }

    private static Uri ListenerOf(string page, string name)
    {
        using JsonDocument document = JsonDocument.Parse(page);
        JsonElement listener = document.RootElement.GetProperty("listener_statuses").EnumerateArray()
            .First(status => status.GetProperty("name").GetString() == name);
        return new Uri($"http://127.0.0.1:{listener.GetProperty("local_address").GetProperty("socket_address").GetProperty("port_value").GetInt32()}");
    }
}

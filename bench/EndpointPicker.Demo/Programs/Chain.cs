using EndpointPicker.LoadGenerator.Gateway;

namespace EndpointPicker.Demo.Programs;

/// <summary>Everything that a request passes: a gateway, the picker, three model servers.</summary>
internal sealed class Chain : IAsyncDisposable
{
    public const string Model = "demo-model";
    public static readonly IReadOnlyList<string> Adapters = ["lora-sql", "lora-support"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Stack<IAsyncDisposable> _parts = new();
    private readonly List<ChildProgram> _children = [];
    private readonly HttpClient _client = new();
    private PickerFiles? _files;

    public IReadOnlyList<Pod> Pods { get; private set; } = [];

    public Uri Entrance { get; private set; } = new("http://127.0.0.1");

    /// <summary>Where metrics and explanations of the picker are.</summary>
    public Uri Admin { get; private set; } = new("http://127.0.0.1");

    public string GatewayName { get; private set; } = "";

    /// <summary>A program that has died since the start, or null.</summary>
    public ChildProgram? Dead => _children.Find(child => child.HasExited);

    public async Task StartAsync(Repository repository, DemoOptions options, Action<string> say, CancellationToken cancellationToken)
    {
        bool given = options is { SimulatorPath: not null, EppPath: not null };
        say(options.Build && !given ? "building model-server-sim and epp ..." : "using what was built before");
        string simulator = options.SimulatorPath ?? await repository.BuildAsync("ModelServerSimulator", "model-server-sim", options.Build, cancellationToken);
        string picker = options.EppPath ?? await repository.BuildAsync("EndpointPicker", "epp", options.Build, cancellationToken);

        await StartPodsAsync(simulator, cancellationToken);
        say($"model servers: {string.Join(", ", Pods.Select(pod => $"{pod.Name} on {pod.Endpoint}"))}");

        int grpc = Repository.FreePort();
        int admin = Repository.FreePort();
        Admin = new Uri($"http://127.0.0.1:{admin}");
        _files = new PickerFiles(Pods);
        ChildProgram epp = Add(ChildProgram.Start(
            "epp", picker, "--pool-name", "demo", "--config-file", _files.Configuration, "--grpc-port", $"{grpc}", "--grpc-health-port", $"{Repository.FreePort()}",
            "--metrics-port", $"{admin}", "--secure-serving=false"));
        await epp.WaitUntilOkAsync(_client, new Uri(Admin, "/readyz"), Patience, cancellationToken);
        say($"picker: epp on 127.0.0.1:{grpc}, metrics on {Admin}metrics");

        string? envoy = options.UseGateway ? null : EnvoyProgram.Find(repository);
        await (envoy is null ? StartGatewayAsync(grpc) : StartEnvoyAsync(envoy, repository, grpc, cancellationToken));
        say($"gateway: {GatewayName} on {Entrance}");
    }

    public async ValueTask DisposeAsync()
    {
        _children.ForEach(child => child.Kill());
        while (_parts.TryPop(out IAsyncDisposable? part))
        {
            await part.DisposeAsync();
        }

        _files?.Dispose();
        _client.Dispose();
    }

    private async Task StartPodsAsync(string simulator, CancellationToken cancellationToken)
    {
        // Small on purpose: three prompts of the traffic fill a pod's cache, one adapter its only slot.
        string[] names = ["pod-a", "pod-b", "pod-c"];
        ChildProgram[] children =
        [
            .. names.Select(name => Add(ChildProgram.Start(
                name, simulator, "--port", "0", "--name", name, "--model", Model, "--lora-modules", string.Join(',', Adapters), "--max-loras", "1",
                "--max-num-seqs", "8", "--num-gpu-blocks", "640", "--block-size", "16", "--max-model-len", "4096"))),
        ];
        const string Listening = "listening on ";
        var pods = new List<Pod>();
        foreach (ChildProgram child in children)
        {
            string line = await child.WaitForLineAsync(Listening, Patience, cancellationToken);
            pods.Add(new Pod(child.Name, new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..]).Port));
            await child.WaitUntilOkAsync(_client, new Uri(pods[^1].Address, "/health"), Patience, cancellationToken);
        }

        Pods = pods;
    }

    private async Task StartGatewayAsync(int grpc)
    {
        EnvoyGateway gateway = await EnvoyGateway.StartAsync(new GatewayOptions
        {
            Processor = new Uri($"http://127.0.0.1:{grpc}"),
            Endpoints = [.. Pods.Select(pod => pod.Endpoint)],
            Strict = true,
        });
        _parts.Push(gateway);
        Entrance = gateway.Address;
        GatewayName = "the built-in one, which behaves as Envoy does (no Envoy used)";
    }

    private async Task StartEnvoyAsync(string envoy, Repository repository, int grpc, CancellationToken cancellationToken)
    {
        int port = Repository.FreePort();
        string bootstrap = _files!.PathOf("envoy.yaml");
        await File.WriteAllTextAsync(bootstrap, EnvoyProgram.Bootstrap(repository, port, grpc, [.. Pods.Select(pod => pod.Port)]), cancellationToken);
        ChildProgram child = Add(ChildProgram.Start("envoy", envoy, "-c", bootstrap, "--concurrency", "1", "--use-dynamic-base-id", "--log-level", "error"));
        Entrance = new Uri($"http://127.0.0.1:{port}");
        GatewayName = $"Envoy ({envoy})";

        // Ready when a request comes through: Envoy must have seen the picker healthy.
        await child.WaitUntilOkAsync(_client, new Uri(Entrance, "/v1/models"), Patience, cancellationToken);
    }

    private ChildProgram Add(ChildProgram child)
    {
        _children.Add(child);
        _parts.Push(child);
        return child;
    }
}

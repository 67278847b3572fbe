namespace EndpointPicker.Demo.Programs;

/// <summary>Everything that requests pass: two fleets of model servers, the picker before one of them, and the entrances.</summary>
internal sealed class Chain : IAsyncDisposable
{
    private readonly RunningPrograms _programs = new();
    private readonly Stack<IAsyncDisposable> _parts = new();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(5) };
    private PickerFiles? _files;

    /// <summary>The picker's model servers.</summary>
    public IReadOnlyList<Pod> Picked { get; private set; } = [];

    /// <summary>The other fleet.</summary>
    public IReadOnlyList<Pod> RoundRobin { get; private set; } = [];

    public Entrances Entrances { get; private set; } = null!;

    public PickerProgram Picker { get; private set; } = null!;

    /// <summary>A program that has died since the start, or null.</summary>
    public ChildProgram? Dead => _programs.Dead;

    public async Task StartAsync(Repository repository, DemoOptions options, ServerShape shape, Action<string> say, CancellationToken cancellationToken)
    {
        bool given = options is { SimulatorPath: not null, EppPath: not null };
        say(options.Build && !given ? "building model-server-sim and epp ..." : "using what was built before");
        string simulator = options.SimulatorPath ?? await repository.BuildAsync("ModelServerSimulator", "model-server-sim", options.Build, cancellationToken);
        string epp = options.EppPath ?? await repository.BuildAsync("EndpointPicker", "epp", options.Build, cancellationToken);

        Task<IReadOnlyList<Pod>> other = Fleet.StartAsync(_programs, simulator, shape, options.Pods, _client, cancellationToken);
        Picked = await Fleet.StartAsync(_programs, simulator, shape, options.Pods, _client, cancellationToken);
        RoundRobin = await other;
        say($"model servers: {Ports(Picked)} for the picker, {Ports(RoundRobin)} for round robin");

        _files = new PickerFiles(Picked);
        Picker = await PickerProgram.StartAsync(_programs, epp, _files, _client, cancellationToken);
        say($"picker: epp on 127.0.0.1:{Picker.GrpcPort}, board {Picker.Board}, metrics {new Uri(Picker.Admin, "/metrics")}");

        string? envoy = options.UseGateway ? null : EnvoyBinary.Find(repository);
        Entrances = envoy is null
            ? await Entrances.StartGatewaysAsync(_parts, Picker.GrpcPort, Picked, RoundRobin)
            : await Entrances.StartEnvoyAsync(_programs, envoy, Bootstrap(repository), _files, _client, cancellationToken);
        say($"gateway: {Entrances.Name}{(envoy is null ? "" : $" ({envoy})")}, {Entrances.Picker} asks the picker, {Entrances.RoundRobin} goes round robin");
    }

    /// <summary>Ends all that was started; more than once does no harm.</summary>
    public async ValueTask DisposeAsync()
    {
        await _programs.DisposeAsync();
        while (_parts.TryPop(out IAsyncDisposable? part))
        {
            await part.DisposeAsync();
        }

        _files?.Dispose();
        _files = null;
        _client.Dispose();
    }

    private string Bootstrap(Repository repository) => EnvoyBootstrap.Write(
        File.ReadAllText(repository.PathOf("deploy", "envoy", "override-host.yaml")),
        Picker.GrpcPort,
        [.. Picked.Select(pod => pod.Port)],
        [.. RoundRobin.Select(pod => pod.Port)]);

    private static string Ports(IReadOnlyList<Pod> pods) => string.Join(' ', pods.Select(pod => pod.Endpoint));
}

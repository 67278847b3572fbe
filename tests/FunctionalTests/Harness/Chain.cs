namespace FunctionalTests.Harness;

/// <summary>A whole chain on loopback: Envoy, the picker, and model servers that remember what reached them.</summary>
internal sealed class Chain : IChain
{
    private Chain(IReadOnlyList<ModelServer> servers, EppProcess epp, EnvoyProcess envoy)
    {
        Servers = servers;
        Epp = epp;
        Envoy = envoy;
    }

    public IReadOnlyList<ModelServer> Servers { get; }

    public EppProcess Epp { get; private set; }

    public EnvoyProcess Envoy { get; }

    public int Port => Envoy.Port;

    public string Log => Envoy.Process.Output;

    public static Task<Chain> StartAsync(string bootstrap, EppSettings? settings = null, int servers = 3, int workers = 1) =>
        StartAsync(_ => bootstrap, _ => { }, settings, servers, workers);

    /// <summary>Starts a chain whose model servers are arranged before the picker first looks at them.</summary>
    public static async Task<Chain> StartAsync(
        Func<IReadOnlyList<ModelServer>, string> bootstrap, Action<IReadOnlyList<ModelServer>> arrange, EppSettings? settings = null, int servers = 3, int workers = 1)
    {
        List<ModelServer> started = await ModelServer.StartAsync(servers);
        arrange(started);
        int[] ports = [.. started.Select(server => server.Port)];
        EppProcess epp = await EppProcess.StartAsync(ports, settings);
        try
        {
            return new Chain(started, epp, await EnvoyProcess.StartAsync(bootstrap(started), epp.GrpcPort, ports, workers));
        }
        catch
        {
            await epp.DisposeAsync();
            throw;
        }
    }

    public Task WaitUntilBusyAsync() => Envoy.WaitForStatAsync("^http.ingress.downstream_rq_active$", active => active >= 1);

    public async Task WaitUntilIdleAsync()
    {
        await Envoy.WaitForStatAsync("^http.ingress.downstream_rq_active$", active => active == 0);
        await Envoy.WaitForStatAsync("^cluster.epp.upstream_rq_active$", active => active == 0);
    }

    /// <summary>Starts another picker on the port of the one that ended.</summary>
    public async Task RestartPickerAsync(EppSettings? settings = null)
    {
        int port = Epp.GrpcPort;
        await Epp.DisposeAsync();
        Epp = await EppProcess.StartAsync(Servers.Select(server => server.Port), (settings ?? new EppSettings()) with { GrpcPort = port });
    }

    public async ValueTask DisposeAsync()
    {
        await Envoy.DisposeAsync();
        await Epp.DisposeAsync();
        foreach (ModelServer server in Servers)
        {
            await server.DisposeAsync();
        }
    }
}

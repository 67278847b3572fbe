using System.Collections.Concurrent;
using EndpointPicker.LoadGenerator.Gateway;
using Testing;

namespace FunctionalTests.Harness;

/// <summary>A chain with the load generator's own gateway in the proxy's place; every breach of the protocol ends its request.</summary>
internal sealed class GatewayChain : IChain
{
    private readonly EnvoyGateway _gateway;
    private readonly ConcurrentQueue<GatewayRecord> _records = new();

    private GatewayChain(IReadOnlyList<ModelServer> servers, EppProcess epp, EnvoyGateway gateway)
    {
        Servers = servers;
        Epp = epp;
        _gateway = gateway;
        _gateway.Finished += _records.Enqueue;
    }

    public int Port => _gateway.Address.Port;

    public string Log => string.Join('\n', _records.Select(record => $"{record} {string.Join("; ", record.Violations)}"));

    public IReadOnlyList<ModelServer> Servers { get; }

    public EppProcess Epp { get; }

    public static async Task<GatewayChain> StartAsync(Func<GatewayOptions, GatewayOptions> configure, int servers = 3, EppSettings? settings = null)
    {
        List<ModelServer> started = await ModelServer.StartAsync(servers);
        EppProcess epp = await EppProcess.StartAsync(started.Select(server => server.Port), settings);
        GatewayOptions options = new()
        {
            Processor = new Uri($"http://127.0.0.1:{epp.GrpcPort}"),
            Endpoints = [.. started.Select(server => server.Address)],
            Strict = true,

            // As in the bootstraps of tests: what is for people is too short for a machine that many processes share.
            MessageTimeout = TimeSpan.FromMinutes(1),
        };
        return new GatewayChain(started, epp, await EnvoyGateway.StartAsync(configure(options)));
    }

    public Task WaitUntilBusyAsync() => Polling.UntilAsync(() => Task.FromResult(_gateway.Active > 0));

    public Task WaitUntilIdleAsync() => Polling.UntilAsync(() => Task.FromResult(_gateway.Active == 0 && _gateway.Breaker is { Active: 0, Pending: 0 }));

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await Epp.DisposeAsync();
        foreach (ModelServer server in Servers)
        {
            await server.DisposeAsync();
        }
    }
}

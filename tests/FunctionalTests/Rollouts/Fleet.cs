using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Rollouts;

/// <summary>
/// The model servers of a test's cluster, each a pod with an address of its own in 127.0.0.0/8 and all on one port, as pods of a pool are. Their objects
/// are written as a kubelet would write them.
/// </summary>
internal sealed class Fleet(ClusterWriter cluster, string space, int port) : IAsyncDisposable
{
    // Of each test's own, so that tests at the same time do not meet: 127.NETWORK.x.y.
    private static int _networks = 16;

    private readonly int _network = Interlocked.Increment(ref _networks);
    private readonly List<Pod> _pods = [];
    private int _made;

    public int Port => port;

    /// <summary>The pods that are members, oldest first.</summary>
    public IReadOnlyList<Pod> Members => [.. _pods.Where(pod => pod.GoneAt == long.MaxValue)];

    /// <summary>All pods that there were.</summary>
    public IReadOnlyList<Pod> All => _pods;

    /// <summary>A port that is free on 127.0.0.1, and so most likely on the fleet's addresses.</summary>
    public static int FreePort()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Starts a server and makes its pod Ready.</summary>
    public async Task<Pod> AddAsync(string version = "1")
    {
        int number = _made++;
        IPAddress ip = new([127, (byte)_network, (byte)(number >> 8), (byte)((number & 255) + 1)]);
        Pod pod = new(string.Create(CultureInfo.InvariantCulture, $"vllm-{number}"), ip, await ModelServer.StartAsync(ip, port));
        pod.CountRequests();
        _pods.Add(pod);
        string json = $$$"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{pod.Name}}}","labels":{"app":"vllm","version":"{{{version}}}"}},
             "spec":{"nodeName":"node-1","containers":[{"name":"vllm","image":"vllm"}]}}
            """;
        await cluster.CreateAsync($"api/v1/namespaces/{space}/pods", json);
        await SetReadyAsync(pod, ready: true);
        return pod;
    }

    /// <summary>Writes a pod's condition Ready.</summary>
    public Task SetReadyAsync(Pod pod, bool ready) => cluster.MergeAsync(
        $"{PathOf(pod)}/status",
        $$"""{"status":{"phase":"Running","podIP":"{{pod.Ip}}","podIPs":[{"ip":"{{pod.Ip}}"}],"conditions":[{"type":"Ready","status":"{{(ready ? "True" : "False")}}"}]} }""");

    /// <summary>Writes a pod's label <c>app</c>.</summary>
    public Task RelabelAsync(Pod pod, string app) => cluster.MergeAsync(PathOf(pod), $$"""{"metadata":{"labels":{"app":"{{app}}"} } }""");

    /// <summary>Writes annotations of a pod.</summary>
    public Task AnnotateAsync(Pod pod, string json) => cluster.MergeAsync(PathOf(pod), $$"""{"metadata":{"annotations":{{json}} } }""");

    /// <summary>Asks for a pod's end: its object stays, with a deletion timestamp, until its kubelet has ended the containers.</summary>
    public Task BeginTerminationAsync(Pod pod) => cluster.DeleteAsync(PathOf(pod), """{"gracePeriodSeconds":60}""");

    /// <summary>Ends a terminating pod: its server once it serves nothing more, then its object.</summary>
    public async Task EndTerminationAsync(Pod pod)
    {
        await Polling.UntilAsync(() => Task.FromResult(pod.Active == 0));
        await pod.Server.DisposeAsync();
        await cluster.DeleteAsync(PathOf(pod), """{"gracePeriodSeconds":0}""");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Pod pod in _pods)
        {
            await pod.Server.DisposeAsync();
        }
    }

    private string PathOf(Pod pod) => $"api/v1/namespaces/{space}/pods/{pod.Name}";
}

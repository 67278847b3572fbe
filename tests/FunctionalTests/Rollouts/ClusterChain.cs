using System.Diagnostics;
using System.Net;
using System.Text.Json;
using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Rollouts;

/// <summary>
/// A whole cluster on loopback: a real API server, a pool and its pods, the picker that watches them through a connection that can be cut, and Envoy.
/// </summary>
internal sealed class ClusterChain : IAsyncDisposable
{
    private readonly RolloutProfile _profile;
    private readonly EndpointDiscoveryFile _discovery = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("cluster-").FullName;

    private ClusterChain(TestApi api, string space, RolloutProfile profile)
    {
        _profile = profile;
        Space = space;
        Cluster = new ClusterWriter(api);
        Connection = new CuttableProxy(api.Server.Port);
        Fleet = new Fleet(Cluster, space, Fleet.FreePort());
    }

    /// <summary>The namespace.</summary>
    public string Space { get; }

    public ClusterWriter Cluster { get; }

    /// <summary>What lies between the picker and the API server.</summary>
    public CuttableProxy Connection { get; }

    public Fleet Fleet { get; }

    public EppProcess Epp { get; private set; } = null!;

    public EnvoyProcess Envoy { get; private set; } = null!;

    /// <summary>Starts all of it, with so many pods Ready and known to everybody.</summary>
    public static async Task<ClusterChain> StartAsync(TestApiFixture fixture, string profile, int pods)
    {
        string space = await fixture.NewNamespaceAsync();
        return await StartAsync(await fixture.GetAsync(), space, profile, pods);
    }

    /// <summary>Starts all of it in a namespace that exists.</summary>
    public static async Task<ClusterChain> StartAsync(TestApi api, string space, string profile, int pods)
    {
        ClusterChain chain = new(api, space, RolloutProfile.Named(profile));
        try
        {
            await chain.StartAsync(api, pods);
            return chain;
        }
        catch
        {
            await chain.DisposeAsync();
            throw;
        }
    }

    /// <summary>The path of an object of the inference API in the chain's namespace.</summary>
    public string PathOf(string plural, string name = "", string groupVersion = "inference.networking.k8s.io/v1") =>
        $"apis/{groupVersion}/namespaces/{Space}/{plural}{(name.Length > 0 ? "/" : "")}{name}";

    /// <summary>Adds pods, and waits until they get requests.</summary>
    public async Task AddAsync(int count, string version = "1")
    {
        for (int i = 0; i < count; i++)
        {
            await Fleet.AddAsync(version);
        }

        await SettleAsync();
    }

    /// <summary>Ends pods as a rollout does: no new requests first, then the server once it has served what it had.</summary>
    /// <param name="load">Who sends the requests: one that the picker has sent to a pod is still on its way there for a while.</param>
    /// <param name="pods">The pods.</param>
    public async Task TerminateAsync(SteadyLoad load, params IReadOnlyList<Pod> pods)
    {
        foreach (Pod pod in pods)
        {
            await Fleet.BeginTerminationAsync(pod);
        }

        await LeaveAsync(pods);
        await load.EndedAsync(pods.Max(pod => pod.GoneAt));
        foreach (Pod pod in pods)
        {
            await Fleet.EndTerminationAsync(pod);
        }
    }

    /// <summary>Waits until the picker has no longer got pods that were just taken from the pool, and notes the moment.</summary>
    public async Task LeaveAsync(params IReadOnlyList<Pod> pods)
    {
        await Polling.UntilAsync(async () => !(await DestinationsAsync()).Intersect(pods.Select(Destination)).Any());
        foreach (Pod pod in pods)
        {
            pod.GoneAt = Stopwatch.GetTimestamp();
        }

        await SettleAsync();
    }

    /// <summary>Waits until picker and Envoy have just the fleet's members.</summary>
    public async Task SettleAsync()
    {
        await Polling.UntilAsync(async () => (await DestinationsAsync()).SetEquals(Fleet.Members.Select(Destination)));
        if (_profile.KnowsPods)
        {
            await _discovery.PublishAsync(Fleet.Members.Select(pod => pod.Ip), Fleet.Port, Envoy);
        }
    }

    /// <summary>Where the picker sends requests.</summary>
    public async Task<HashSet<string>> DestinationsAsync()
    {
        using JsonDocument state = JsonDocument.Parse(await Epp.GetAsync("/board/state"));
        return [.. state.RootElement.GetProperty("endpoints").EnumerateArray().Select(endpoint => endpoint.GetProperty("destination").GetString()!)];
    }

    /// <summary>Fails where a request was lost, or reached a pod that was sent for after the picker had let go of it.</summary>
    public void Judge(IReadOnlyList<ServedRequest> requests)
    {
        Assert.NotEmpty(requests);
        ServedRequest? lost = requests.FirstOrDefault(request => request.Status != 200);
        Assert.True(
            lost is null,
            $"{requests.Count(request => request.Status != 200)} of {requests.Count} were lost; one: {lost?.Status} {lost?.Body}\n{Envoy.Process.Output}\n{Epp.Process.Output}");
        Dictionary<string, Pod> pods = Fleet.All.ToDictionary(Destination);
        Assert.All(requests, request => Assert.True(
            request.StartedAt < pods[request.ServedBy!].GoneAt, $"{request.ServedBy} served a request that was sent after it had left the pool"));
    }

    public async ValueTask DisposeAsync()
    {
        if (Envoy is not null)
        {
            await Envoy.DisposeAsync();
        }

        if (Epp is not null)
        {
            await Epp.DisposeAsync();
        }

        await Fleet.DisposeAsync();
        await Connection.DisposeAsync();
        Cluster.Dispose();
        _discovery.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync(TestApi api, int pods)
    {
        await Cluster.CreateAsync(PathOf("inferencepools"), PoolObject(Fleet.Port));
        for (int i = 0; i < pods; i++)
        {
            await Fleet.AddAsync();
        }

        string kubeConfig = Path.Combine(_folder, "kubeconfig");
        string direct = await File.ReadAllTextAsync(api.KubeConfig);
        await File.WriteAllTextAsync(kubeConfig, direct.Replace($":{api.Server.Port}", $":{Connection.Port}", StringComparison.Ordinal));
        Epp = await EppProcess.StartInClusterAsync(kubeConfig, Space, "--pool-name=pool");
        string bootstrap = _profile.KnowsPods ? _discovery.Follow(_profile.Bootstrap) : _profile.Bootstrap;
        Envoy = await EnvoyProcess.StartAsync(bootstrap, Epp.GrpcPort, [Fleet.Port], workers: 2);
        await SettleAsync();
    }

    /// <summary>An InferencePool named <c>pool</c>.</summary>
    public static string PoolObject(int port) => $$"""
        {"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"pool"},
         "spec":{"selector":{"matchLabels":{"app":"vllm"} },"targetPorts":[ {"number": {{port}} } ],
         "endpointPickerRef":{"name":"epp","port":{"number":9002} } } }
        """;

    private string Destination(Pod pod) => new IPEndPoint(pod.Ip, Fleet.Port).ToString();
}

using FunctionalTests.Cluster;
using Testing;

namespace FunctionalTests.DropIn;

/// <summary>A release of the reference's gateway chart in a namespace of its own.</summary>
internal sealed record GatewayChart(TestApi Api, ClusterSpace Space)
{
    /// <summary>The release's name, which is the pool's.</summary>
    public const string Release = "vllm-qwen3";

    /// <summary>The name of Deployment, Service and ServiceAccount.</summary>
    public const string Name = Release + "-epp";

    /// <summary>Makes the namespace and the rights.</summary>
    public static async Task<GatewayChart> ApplyAsync(TestApiFixture server, params IEnumerable<Func<string, string, string>> rights)
    {
        TestApi api = await server.GetAsync();
        string space = await server.NewNamespaceAsync();
        await api.ApplyAsync(string.Join("---\n", rights.Select(right => right(space, Name))));
        await api.RightsInForceAsync();
        return new GatewayChart(api, new ClusterSpace(api, space));
    }

    /// <summary>Starts a pod of the Deployment, with the container's arguments in the chart's order.</summary>
    /// <param name="suffix">What the pod's name has behind the Deployment's.</param>
    /// <param name="leaderElection">Whether the chart has more than one replica.</param>
    /// <param name="more">What comes last.</param>
    public Task<ReferencePicker> StartAsync(string suffix, bool leaderElection = false, params IEnumerable<string> more) => ReferencePicker.StartAsync(
        Api,
        Space.Name,
        Name,
        $"{Name}-{suffix}",
        [
            "--pool-name", Release, "--pool-namespace", Space.Name, "--pool-group", "inference.networking.k8s.io", "--zap-encoder", "json",
            "--config-file", "/config/default-plugins.yaml", .. (string[])(leaderElection ? ["--ha-enable-leader-election"] : []), "--grpc-health-port", "9003",
            "--tracing=false", .. more,
        ]);

    /// <summary>Fails where a picker complained.</summary>
    public static void AssertQuiet(ReferencePicker picker)
    {
        Assert.Empty(picker.Lines("\"level\":\"error\""));
        Assert.Empty(picker.Lines("forbidden"));
    }
}

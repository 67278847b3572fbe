using EndpointPicker.Cluster.Api;
using EndpointPicker.Hosting.CommandLine;
using EndpointPicker.Hosting.Serving;

namespace EndpointPicker.Hosting;

/// <summary>Where the model servers of the pools come from.</summary>
/// <param name="Options">The command line, with the name of the pool that a selector of pods stands for.</param>
/// <param name="Api">The API server; <see langword="null"/> where it is not needed.</param>
/// <param name="FollowsCluster">Whether the API server says which endpoints there are; not where they are listed or in files.</param>
internal sealed record DiscoveryPlan(EppOptions Options, ClusterAccess? Api, bool FollowsCluster)
{
    private const string WithoutKubernetes = "without Kubernetes, give --endpoint ip:port, or configure dataLayer.discovery with file-discovery";

    /// <summary>Decides.</summary>
    /// <param name="options">The command line.</param>
    /// <param name="configurations">What may name a file of endpoints.</param>
    /// <param name="environment">The value of an environment variable.</param>
    /// <exception cref="DiscoveryException">Nothing says where model servers are, or too much does.</exception>
    public static DiscoveryPlan Make(EppOptions options, PoolConfigurations configurations, Func<string, string?> environment)
    {
        bool files = options.Pools.Any(pool => ReadsFile(configurations, pool)) || (options.Pools.Count == 0 && ReadsFile(configurations, options.PoolName));
        if (files && options.Endpoints.Count > 0)
        {
            throw new DiscoveryException("--endpoint and dataLayer.discovery of the configuration exclude each other: leave one of them out");
        }

        if (options.Endpoints.Count > 0 || (options.Pools.Count > 0 && options.Pools.All(pool => ReadsFile(configurations, pool))))
        {
            return new DiscoveryPlan(options, WithoutFollowing(options, environment), FollowsCluster: false);
        }

        ClusterOptions cluster = options.Cluster;
        if (options.PoolNames.Count == 0 && cluster.EndpointSelector.Length == 0 && cluster.PoolSelector.Length == 0)
        {
            throw new DiscoveryException(
                $"either pool-name or endpoint-selector must be set: nothing says where the model servers are; {WithoutKubernetes}");
        }

        if (files && cluster.PoolSelector.Length > 0)
        {
            throw new DiscoveryException("--pool-selector and dataLayer.discovery of the configuration exclude each other: leave one of them out");
        }

        try
        {
            EppOptions named = cluster.EndpointSelector.Length > 0 ? options with { PoolName = Deployment(cluster.PodName) } : options;
            return new DiscoveryPlan(named, Load(environment), FollowsCluster: true);
        }
        catch (ClusterAccessException e)
        {
            throw new DiscoveryException($"{e.Message}; {WithoutKubernetes}");
        }
    }

    private static ClusterAccess Load(Func<string, string?> environment) => ClusterAccess.Load(environment, environment("HOME") ?? "");

    private static ClusterAccess? WithoutFollowing(EppOptions options, Func<string, string?> environment)
    {
        if (!options.LeaderElection && !options.MetricsAuthAsked)
        {
            return null;
        }

        try
        {
            return Load(environment);
        }
        catch (ClusterAccessException e)
        {
            return options.LeaderElection ? throw new DiscoveryException($"--ha-enable-leader-election needs a Kubernetes API server for its lease: {e.Message}") : null;
        }
    }

    private static bool ReadsFile(PoolConfigurations configurations, string pool) => configurations.For(pool).DataLayer.FileDiscovery is not null;

    private static string Deployment(string pod) => pod.Length == 0
        ? throw new DiscoveryException("failed to get environment variable POD_NAME: with --endpoint-selector the pool goes by the name of this pod's Deployment; set it from metadata.name")
        : ClusterOptionsReader.DeploymentOf(pod)
        ?? throw new DiscoveryException($"POD_NAME={pod} is not the name of a Deployment's pod, which ends in two parts after dashes; with --endpoint-selector the pool goes by the Deployment's name");
}

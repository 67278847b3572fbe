using System.Diagnostics.Metrics;
using EndpointPicker.Cluster.Api;
using EndpointPicker.Cluster.Following;
using EndpointPicker.Cluster.Resources;
using EndpointPicker.Hosting.CommandLine;

namespace EndpointPicker.Hosting;

/// <content>What is followed in a Kubernetes cluster.</content>
internal static partial class EndpointPickerServiceCollectionExtensions
{
    public static IServiceCollection AddCluster(this IServiceCollection services, EppOptions options)
    {
        services.AddSingleton(provider => new ClusterFollower(
            provider.GetRequiredService<ApiClient>(),
            Scope(options),
            new FollowContext(
                provider.GetRequiredService<TimeProvider>(), Seeded(), provider.GetRequiredService<IMeterFactory>(), provider.GetRequiredService<ILoggerFactory>())));
        services.AddHostedService<ClusterDiscovery>();
        return services;
    }

    private static ClusterScope Scope(EppOptions options)
    {
        ClusterOptions cluster = options.Cluster;
        bool selectsPods = cluster.EndpointSelector.Length > 0;
        return new ClusterScope(cluster.Namespace, new PoolScope(selectsPods ? ApiGroups.Inference : cluster.PoolGroup))
        {
            PoolNames = options.PoolNames,
            PoolSelector = cluster.PoolSelector,
            FixedPool = !selectsPods ? null : new InferencePool
            {
                Metadata = ObjectMetadata.None with { Namespace = cluster.Namespace, Name = options.PoolName },
                Group = "",
                Selector = cluster.EndpointSelector,
                TargetPorts = cluster.TargetPorts,
            },
        };
    }
}

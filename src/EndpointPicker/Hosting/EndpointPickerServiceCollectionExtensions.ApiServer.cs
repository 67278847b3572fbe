using System.Diagnostics.Metrics;
using EndpointPicker.Cluster.Api;
using EndpointPicker.Cluster.Leases;
using EndpointPicker.Cluster.Reviews;
using EndpointPicker.Hosting.CommandLine;
using EndpointPicker.Hosting.Lifetime;
using EndpointPicker.Hosting.Metrics;

namespace EndpointPicker.Hosting;

/// <content>What the API server is asked: who leads, and who may read the metrics port.</content>
internal static partial class EndpointPickerServiceCollectionExtensions
{
    public static IServiceCollection AddApiServer(this IServiceCollection services, ClusterAccess access, EppOptions options)
    {
        services.AddSingleton(access).AddSingleton(provider => new ApiClient(
            access,
            new ApiClientOptions { UserAgent = $"epp/{BuildVersion.Version}" },
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ApiClient>>()));
        if (options.MetricsAuth)
        {
            services.AddSingleton<AccessReviews>();
        }

        if (options.LeaderElection)
        {
            services.AddSingleton(CreateLeadership).AddHostedService(provider => provider.GetRequiredService<Leadership>());
        }

        return services;
    }

    // The lease has the reference's name, so that its replicas and ours elect one leader while one replaces the other.
    private static Leadership CreateLeadership(IServiceProvider provider)
    {
        EppOptions options = provider.GetRequiredService<EppOptions>();
        string space = options.Cluster.Namespace;
        string lease = $"epp-{space}-{options.PoolName}.llm-d.ai";
        string identity = $"{Environment.MachineName}_{Guid.NewGuid()}";
        LeaderElection election = new(
            new ApiLeaseStore(provider.GetRequiredService<ApiClient>(), space, lease),
            new LeaderElectionOptions { Identity = identity },
            provider.GetRequiredService<TimeProvider>(),
            Seeded(),
            provider.GetRequiredService<ILogger<LeaderElection>>());
        return new Leadership(
            election, identity, lease, options.ReadyOnEveryReplica ? null : provider.GetRequiredService<Readiness>(), provider.GetRequiredService<IMeterFactory>());
    }
}

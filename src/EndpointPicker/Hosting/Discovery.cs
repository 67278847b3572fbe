using EndpointPicker.Cluster;
using EndpointPicker.Configuration;
using EndpointPicker.Hosting.Lifetime;

namespace EndpointPicker.Hosting;

/// <summary>Keeps pools as their sources say: a list of the command line, or files.</summary>
internal sealed partial class Discovery(IReadOnlyList<IEndpointSource> sources, Readiness readiness, TimeProvider time, ILogger<Discovery> logger) : BackgroundService
{
    // The pools keep their last sets; following their sources must not end with one fault.
    private readonly SupervisedLoop _following = new(fault => Log.DiscoveryFailed(logger, fault), time);

    /// <summary>Fills the pools for the first time.</summary>
    /// <returns>Whether all are filled; the log says why not.</returns>
    public async Task<bool> LoadAsync(CancellationToken cancellationToken)
    {
        bool loaded = true;
        foreach (IEndpointSource source in sources)
        {
            foreach (ConfigurationDiagnostic diagnostic in await source.LoadAsync(cancellationToken))
            {
                if (diagnostic.Severity == DiagnosticSeverity.Error)
                {
                    Log.EndpointsRefused(logger, diagnostic);
                    loaded = false;
                }
                else
                {
                    Log.EndpointsWarning(logger, diagnostic);
                }
            }
        }

        if (loaded && sources.Count > 0)
        {
            readiness.Set(ReadinessCondition.Pool, null);
        }

        return loaded;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(sources.Select(source => _following.RunAsync(source.RunAsync, stoppingToken)));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Diagnostic}", EventName = nameof(EndpointsRefused))]
        public static partial void EndpointsRefused(ILogger logger, ConfigurationDiagnostic diagnostic);

        [LoggerMessage(2, LogLevel.Warning, "{Diagnostic}", EventName = nameof(EndpointsWarning))]
        public static partial void EndpointsWarning(ILogger logger, ConfigurationDiagnostic diagnostic);

        [LoggerMessage(3, LogLevel.Error, "Following the endpoints failed; the last set stays and following starts again", EventName = nameof(DiscoveryFailed))]
        public static partial void DiscoveryFailed(ILogger logger, Exception exception);
    }
}

using EndpointPicker.Cluster;
using EndpointPicker.Configuration;
using EndpointPicker.Hosting.Lifetime;

namespace EndpointPicker.Hosting;

/// <summary>Keeps the pool as its source says: a list of the command line, or a file.</summary>
internal sealed partial class Discovery(StaticDiscovery? listed, FileDiscovery? file, Readiness readiness, TimeProvider time, ILogger<Discovery> logger) : BackgroundService
{
    private static readonly TimeSpan PauseAfterBug = TimeSpan.FromSeconds(1);

    /// <summary>Fills the pool for the first time.</summary>
    /// <returns>Whether the pool is filled; the log says why not.</returns>
    public async Task<bool> LoadAsync(CancellationToken cancellationToken)
    {
        if (listed is not null)
        {
            await listed.LoadAsync(cancellationToken);
            readiness.Set(ReadinessCondition.Pool, null);
            return true;
        }

        bool loaded = true;
        foreach (ConfigurationDiagnostic diagnostic in await file!.LoadAsync(cancellationToken))
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

        if (loaded)
        {
            readiness.Set(ReadinessCondition.Pool, null);
        }

        return loaded;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await (listed?.RunAsync(stoppingToken) ?? file!.RunAsync(stoppingToken));
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The pool keeps its last set; following its source must not end with one fault.
                Log.DiscoveryFailed(logger, e);
                await Task.Delay(PauseAfterBug, time, stoppingToken);
            }
        }
    }

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

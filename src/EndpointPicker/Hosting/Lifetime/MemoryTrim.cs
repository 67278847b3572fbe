using EndpointPicker.ExtProc;
using EndpointPicker.Hosting.Transport;

namespace EndpointPicker.Hosting.Lifetime;

/// <summary>Empties the pools, collects, and gives memory back to the system when <see cref="TrimPolicy"/> says so.</summary>
internal sealed partial class MemoryTrim(BlockPoolFactory blocks, ExternalProcessorMethod extProc, TimeProvider time, ILogger<MemoryTrim> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TrimPolicy policy = new();
        using PeriodicTimer timer = new(TrimPolicy.Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                TrimIfDue(policy);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    private void TrimIfDue(TrimPolicy policy)
    {
        try
        {
            long before = Environment.WorkingSet;
            if (policy.IsDue(GC.GetTotalAllocatedBytes(), before))
            {
                long start = time.GetTimestamp();
                blocks.ReleaseIdle();
                extProc.ReleaseIdle();
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                policy.Collected(Environment.WorkingSet);
                Log.Trimmed(logger, before >> 20, Environment.WorkingSet >> 20, time.GetElapsedTime(start).TotalMilliseconds);
            }
        }
        catch (Exception e)
        {
            // What leaves a background service ends the process.
            Log.Broke(logger, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Gave memory back after a burst: {Before} MiB became {After} MiB in {Milliseconds} ms", EventName = nameof(Trimmed))]
        public static partial void Trimmed(ILogger logger, long before, long after, double milliseconds);

        [LoggerMessage(2, LogLevel.Error, "Giving memory back failed; it is tried again", EventName = nameof(Broke))]
        public static partial void Broke(ILogger logger, Exception exception);
    }
}

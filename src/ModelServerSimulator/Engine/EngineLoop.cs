using ModelServerSimulator.Faults;

namespace ModelServerSimulator.Engine;

/// <summary>Drives an engine in the time of its clock until it is told to stop.</summary>
internal sealed class EngineLoop(InferenceEngine engine, FaultInjector faults, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        DateTimeOffset due = time.GetUtcNow();
        while (!stoppingToken.IsCancellationRequested)
        {
            if (engine.BeginStep() is not { } duration)
            {
                await engine.WaitForArrivalAsync(stoppingToken).ConfigureAwait(false);
                due = time.GetUtcNow();
                continue;
            }

            // Steps are laid end to end, so that a timer's lateness does not add up.
            due += faults.Stretch(duration);
            TimeSpan left = due - time.GetUtcNow();
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left, time, stoppingToken).ConfigureAwait(false);
            }

            engine.CompleteStep();
        }
    }
}

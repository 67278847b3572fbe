namespace FunctionalTests.Harness;

/// <summary>Waits for what can only be asked for, not awaited: another process's counters.</summary>
internal static class Polling
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task UntilAsync(Func<Task<bool>> reached)
    {
        using CancellationTokenSource limit = new(Limit);
        using PeriodicTimer timer = new(Interval);
        while (!await reached())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}

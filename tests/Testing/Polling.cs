using System.Runtime.CompilerServices;

namespace Testing;

/// <summary>Waits for what can only be asked for, not awaited: another process's counters, or what another thread has done.</summary>
public static class Polling
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Asks until the answer is yes.</summary>
    /// <param name="reached">Asks once.</param>
    /// <param name="condition">What is waited for, to be read in a failure.</param>
    public static Task UntilAsync(Func<Task<bool>> reached, [CallerArgumentExpression(nameof(reached))] string condition = "") =>
        UntilAsync(reached, static value => value, condition);

    /// <summary>Asks until the answer is as wanted; fails with the last answer where it never is.</summary>
    /// <param name="ask">Asks once.</param>
    /// <param name="reached">Whether the answer is as wanted.</param>
    /// <param name="condition">What is waited for, to be read in a failure.</param>
    /// <returns>The answer that was as wanted.</returns>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> reached, [CallerArgumentExpression(nameof(reached))] string condition = "")
    {
        using CancellationTokenSource limit = new(Limit);
        using PeriodicTimer timer = new(Interval);
        while (true)
        {
            T answer = await ask();
            if (reached(answer))
            {
                return answer;
            }

            try
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException late)
            {
                throw new TimeoutException($"Not within {Limit.TotalSeconds} s: {condition}; the last answer was: {answer}", late);
            }
        }
    }
}

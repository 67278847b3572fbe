using System.Diagnostics;

namespace EndpointPicker.Demo.Traffic;

/// <summary>
/// Sends one workload to several sides at once. A session starts when it is due, however late the answers to others are (open loop), and goes on
/// on each side for itself.
/// </summary>
internal sealed class TrafficDriver(IReadOnlyList<TrafficSide> sides)
{
    /// <summary>Sends until the workload ends or <paramref name="stop"/>, then waits for what is under way until <paramref name="cut"/>.</summary>
    public async Task RunAsync(IEnumerable<PlannedSession> sessions, CancellationToken stop, CancellationToken cut)
    {
        var underWay = new List<Task>();
        long start = Stopwatch.GetTimestamp();
        int first = 0;
        try
        {
            foreach (PlannedSession session in sessions)
            {
                TimeSpan left = session.Start - Stopwatch.GetElapsedTime(start);
                if (left > TimeSpan.Zero)
                {
                    await Task.Delay(left, stop);
                }

                stop.ThrowIfCancellationRequested();
                underWay.RemoveAll(task => task.IsCompletedSuccessfully);

                // By turns, so that no side is always a moment later than the other.
                for (int i = 0; i < sides.Count; i++)
                {
                    underWay.Add(RunSessionAsync(sides[(first + i) % sides.Count], session, start, stop, cut));
                }

                first++;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Time is up, or the demo is ending.
        }

        await Task.WhenAll(underWay);
    }

    private static async Task RunSessionAsync(TrafficSide side, PlannedSession session, long start, CancellationToken stop, CancellationToken cut)
    {
        long due = start + Ticks(session.Start);
        try
        {
            for (int i = 0; i < session.Turns.Count; i++)
            {
                if (i > 0)
                {
                    due = Stopwatch.GetTimestamp() + Ticks(session.Turns[i].Gap);
                    await Task.Delay(session.Turns[i].Gap, stop);
                }

                stop.ThrowIfCancellationRequested();
                await side.ServeAsync(session.Turns[i], due, cut);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested || cut.IsCancellationRequested)
        {
            // What is not answered by now stays unanswered, and is counted so.
        }
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}

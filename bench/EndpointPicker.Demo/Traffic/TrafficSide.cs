using System.Diagnostics;

namespace EndpointPicker.Demo.Traffic;

/// <summary>One of those that get the same traffic: sends it to its entrance and keeps what came back.</summary>
internal sealed class TrafficSide(Uri entrance) : IDisposable
{
    private readonly Client _client = new(entrance);

    // Protects the list: answers arrive on any thread while the screen is drawn.
    private readonly Lock _lock = new();
    private readonly List<FinishedRequest> _finished = [];
    private int _sent;

    public int Sent => Volatile.Read(ref _sent);

    /// <summary>What is over, in the order in which it ended.</summary>
    public IReadOnlyList<FinishedRequest> Finished
    {
        get
        {
            lock (_lock)
            {
                return [.. _finished];
            }
        }
    }

    /// <summary>Has a request answered that was due at a timestamp of <see cref="Stopwatch"/>; one that is cancelled stays unanswered.</summary>
    public async Task ServeAsync(PlannedTurn turn, long due, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _sent);
        RequestOutcome outcome = await _client.AskAsync(turn, due, cancellationToken);
        lock (_lock)
        {
            _finished.Add(new FinishedRequest(outcome, Stopwatch.GetTimestamp()));
        }
    }

    /// <summary>Takes back what failed only just now: the end of the demo was the reason.</summary>
    public void ForgetFailures(TimeSpan within)
    {
        lock (_lock)
        {
            int forgotten = _finished.RemoveAll(request => !request.Outcome.IsGood && Stopwatch.GetElapsedTime(request.At) < within);
            Interlocked.Add(ref _sent, -forgotten);
        }
    }

    public void Dispose() => _client.Dispose();
}

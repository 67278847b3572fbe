using Testing;

namespace EndpointPicker.Tests.Cluster.Api;

/// <summary>A clock on which a pause of up to half a minute is over at once, and noted; longer limits run out only when the clock is moved.</summary>
internal sealed class SkippingTime : TimeProvider
{
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _clock = new();
    private readonly List<TimeSpan> _pauses = [];

    /// <summary>Whether the second for which a watch has to hold after failures passes only when the clock is moved.</summary>
    public bool Holds { get; init; }

    /// <summary>The pauses so far, without such seconds.</summary>
    public IReadOnlyList<TimeSpan> Pauses
    {
        get
        {
            lock (_pauses)
            {
                return [.. _pauses.Where(pause => pause != Hold)];
            }
        }
    }

    public override long TimestampFrequency => _clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _clock.GetUtcNow();

    public override long GetTimestamp() => _clock.GetTimestamp();

    /// <summary>Moves the clock.</summary>
    public void Advance(TimeSpan by) => _clock.Advance(by);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < TimeSpan.Zero || dueTime > TimeSpan.FromSeconds(30) || (Holds && dueTime == Hold))
        {
            return _clock.CreateTimer(callback, state, dueTime, period);
        }

        lock (_pauses)
        {
            _pauses.Add(dueTime);
        }

        ThreadPool.QueueUserWorkItem(_ =>
        {
            _clock.Advance(dueTime);
            callback(state);
        });
        return _clock.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}

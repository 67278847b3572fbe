using Testing;

namespace EndpointPicker.Tests.Cluster;

/// <summary>A manual clock that tells when a timer is set again to a given delay.</summary>
internal sealed class TimerProbe(ManualTimeProvider clock, TimeSpan delay) : TimeProvider
{
    private readonly TaskCompletionSource _set = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes once some timer has been set to the delay.</summary>
    public Task Set => _set.Task;

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new ProbedTimer(clock.CreateTimer(callback, state, dueTime, period), this);

    private sealed class ProbedTimer(ITimer inner, TimerProbe probe) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool changed = inner.Change(dueTime, period);
            if (dueTime == probe.Delay)
            {
                probe._set.TrySetResult();
            }

            return changed;
        }

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private TimeSpan Delay => delay;
}

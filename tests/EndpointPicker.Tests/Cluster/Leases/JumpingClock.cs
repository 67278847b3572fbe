using Testing;

namespace EndpointPicker.Tests.Cluster.Leases;

/// <summary>A machine's clock: its wall clock can be set, its timers and its monotonic clock go on by the clock of the test.</summary>
internal sealed class JumpingClock(ManualTimeProvider clock) : TimeProvider
{
    /// <summary>By how much the wall clock is wrong.</summary>
    public TimeSpan Wrong { get; set; }

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override long GetTimestamp() => clock.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + Wrong;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);
}

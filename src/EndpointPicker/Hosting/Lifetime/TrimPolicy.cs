namespace EndpointPicker.Hosting.Lifetime;

/// <summary>
/// When memory that a burst has left behind is given back: once little is allocated any more, and much more memory is resident than the last time
/// that it was given back. A runtime that has nothing to allocate does not collect by itself, and keeps a burst's memory for hours.
/// </summary>
internal sealed class TrimPolicy
{
    /// <summary>How often <see cref="IsDue"/> is to be asked.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    // About 200 requests a second: a full collection stops them for some 20 ms, once.
    private const long CalmBytes = 4 << 20;

    // Less than this is not worth a pause.
    private const long WorthBytes = 32 << 20;
    private const double WorthShare = 0.15;

    private long _allocated;
    private long _kept;

    /// <summary>Whether to collect now.</summary>
    /// <param name="allocated">Bytes allocated since the process began.</param>
    /// <param name="resident">Bytes of memory that the process has.</param>
    public bool IsDue(long allocated, long resident)
    {
        long since = allocated - _allocated;
        _allocated = allocated;
        return since <= CalmBytes && resident - _kept >= Math.Max(WorthBytes, (long)(_kept * WorthShare));
    }

    /// <summary>Says what was left after a collection.</summary>
    /// <param name="resident">Bytes of memory that the process has.</param>
    public void Collected(long resident) => _kept = resident;
}

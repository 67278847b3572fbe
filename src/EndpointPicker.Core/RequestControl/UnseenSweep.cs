using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.RequestControl;

/// <summary>Corrects the estimates of requests whose end is not seen, ten times a second at most, from whatever pick comes by.</summary>
internal sealed class UnseenSweep(EndpointPool pool, TimeProvider time)
{
    private readonly UnseenLimits _limits = UnseenLimits.Of(time);
    private readonly long _interval = time.TimestampFrequency / 10;
    private long _next = long.MinValue;

    public void RunIfDue(long now)
    {
        long next = Volatile.Read(ref _next);
        if (now < next || Interlocked.CompareExchange(ref _next, now + _interval, next) != next)
        {
            return;
        }

        foreach (Endpoint endpoint in pool.Current.Endpoints)
        {
            if (endpoint.Unseen.Count > 0)
            {
                endpoint.Unseen.Correct(endpoint, now, _limits);
            }
        }
    }
}

namespace EndpointPicker.Core.Endpoints;

/// <summary>
/// Requests that were placed on one endpoint and whose end this picker will not see, because the stream ends with the request phase. They
/// stay counted in <see cref="InFlightCounters"/> by an estimate. Once a scrape has come that is settled, that is, younger than the placement
/// by enough for the request to have reached the server's gauges, the server's running and waiting requests less those that this picker does
/// see to their end bound how many of the settled ones are alive; the oldest beyond that bound are dropped. Where such a scrape shows that
/// nothing waits, prompts count as computed and the tokens go, as the first token of an answer would have it. Without scrapes, age drops all.
/// </summary>
internal sealed class UnseenRequests
{
    // 4096 placements in a minute are 68 a second on one server; beyond that the oldest is taken for ended.
    private const int Capacity = 4096;

    // Protects the ring: a stream adds, the director's sweep removes.
    private readonly Lock _ring = new();
    private Placement[] _placements = [];
    private int _head;
    private int _count;
    private long _corrected = long.MinValue;

    /// <summary>How many are taken to be alive.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Takes over a request that is counted already.</summary>
    /// <param name="counters">The endpoint's counters.</param>
    /// <param name="placedAt">When it was handed over, in ticks of the time provider.</param>
    /// <param name="tokens">The tokens that are counted for it.</param>
    public void Add(InFlightCounters counters, long placedAt, long tokens)
    {
        lock (_ring)
        {
            if (_count == Capacity)
            {
                Drop(counters, 1);
            }

            if (_count == _placements.Length)
            {
                Grow();
            }

            _placements[(_head + _count) % _placements.Length] = new Placement(placedAt, tokens);
            Volatile.Write(ref _count, _count + 1);
        }
    }

    /// <summary>Corrects the estimate by the last scrape and by age.</summary>
    /// <param name="endpoint">The endpoint that owns this.</param>
    /// <param name="now">The moment, in ticks of the time provider.</param>
    /// <param name="limits">When a scrape is settled and how old a placement may grow.</param>
    public void Correct(Endpoint endpoint, long now, UnseenLimits limits)
    {
        lock (_ring)
        {
            Drop(endpoint.InFlight, CountUntil(now - limits.MaxAgeTicks));
            long scrapedAt = endpoint.ScrapedAt;
            EndpointSignals signals = endpoint.Signals;
            if (scrapedAt <= _corrected || signals.RunningRequests is not { } running)
            {
                return;
            }

            _corrected = scrapedAt;
            int settled = CountUntil(scrapedAt - limits.SettleTicks);
            int seen = endpoint.InFlight.Requests - _count;
            int alive = running + (signals.WaitingRequests ?? 0) - seen;
            alive = Math.Clamp(alive, 0, settled);
            Drop(endpoint.InFlight, settled - alive);
            if (signals.WaitingRequests is 0)
            {
                ReleaseTokens(endpoint.InFlight, alive);
            }
        }
    }

    private void ReleaseTokens(InFlightCounters counters, int count)
    {
        for (int i = 0; i < count; i++)
        {
            ref Placement placement = ref _placements[(_head + i) % _placements.Length];
            counters.AddTokens(-placement.Tokens);
            placement = placement with { Tokens = 0 };
        }
    }

    private int CountUntil(long moment)
    {
        int count = 0;
        while (count < _count && _placements[(_head + count) % _placements.Length].PlacedAt <= moment)
        {
            count++;
        }

        return count;
    }

    private void Drop(InFlightCounters counters, int count)
    {
        for (; count > 0; count--)
        {
            long tokens = _placements[_head].Tokens;
            _head = (_head + 1) % _placements.Length;
            Volatile.Write(ref _count, _count - 1);
            counters.AddTokens(-tokens);
            counters.Release();
        }
    }

    private void Grow()
    {
        Placement[] larger = new Placement[Math.Max(8, _placements.Length * 2)];
        for (int i = 0; i < _count; i++)
        {
            larger[i] = _placements[(_head + i) % _placements.Length];
        }

        _placements = larger;
        _head = 0;
    }

    private readonly record struct Placement(long PlacedAt, long Tokens);
}

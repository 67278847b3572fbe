using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling.Scorers;

/// <summary>
/// <c>no-hit-lru-scorer</c>: spreads requests whose prefix nobody holds. Endpoints that never took such a request come first, then those that
/// took one longest ago. A request with a hit anywhere scores 0.5 everywhere.
/// </summary>
public sealed class NoHitLruScorer : IScorer, IPickObserver
{
    private readonly IDataProducer _matches;
    private readonly int _size;

    // Protects the order; only requests without a hit take it.
    private readonly Lock _lru = new();
    private readonly List<Endpoint> _oldestFirst = [];
    private int[] _rankBySlot = [];

    /// <summary>Makes the scorer.</summary>
    /// <param name="matches">The producer whose <see cref="PrefixMatches"/> are read.</param>
    /// <param name="pool">Endpoints that leave it are forgotten.</param>
    /// <param name="options">The options.</param>
    public NoHitLruScorer(IDataProducer matches, EndpointPool pool, NoHitLruScorerOptions options)
    {
        _matches = matches;
        _size = Math.Max(1, options.LruSize);
        pool.Left += Forget;
    }

    /// <inheritdoc/>
    public void Score(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates, Span<double> scores)
    {
        ColdRequest request = context.Facts.Of<ColdRequest>(this);
        request.IsCold = !AnyHit(context.Facts.Of<PrefixMatches>(_matches).BlocksBySlot, candidates);
        if (!request.IsCold)
        {
            scores.Fill(0.5);
        }
        else if (candidates.Length == 1)
        {
            scores[0] = 1;
        }
        else
        {
            ScoreCold(candidates, scores);
        }
    }

    /// <inheritdoc/>
    public void Picked(in SchedulingContext context, ReadOnlySpan<Endpoint> picks, Reservation reservation)
    {
        if (!context.Facts.Of<ColdRequest>(this).IsCold)
        {
            return;
        }

        lock (_lru)
        {
            _oldestFirst.Remove(picks[0]);
            _oldestFirst.Add(picks[0]);
            if (_oldestFirst.Count > _size)
            {
                _oldestFirst.RemoveAt(0);
            }

            Rank();
        }
    }

    private static bool AnyHit(ReadOnlySpan<int> blocks, ReadOnlySpan<Endpoint> candidates)
    {
        foreach (Endpoint candidate in candidates)
        {
            if (blocks[candidate.Slot] > 0)
            {
                return true;
            }
        }

        return false;
    }

    private void ScoreCold(ReadOnlySpan<Endpoint> candidates, Span<double> scores)
    {
        double last = candidates.Length - 1;
        lock (_lru)
        {
            int neverUsed = 0;
            for (int i = 0; i < candidates.Length; i++)
            {
                neverUsed += RankOf(candidates[i]) < 0 ? 1 : 0;
            }

            for (int i = 0, order = 0; i < candidates.Length; i++)
            {
                int rank = RankOf(candidates[i]);
                scores[i] = rank < 0 ? 1 - (order++ / last) : Math.Max(0, 1 - ((neverUsed + rank) / last));
            }
        }
    }

    // A slot may still carry the rank of an endpoint that has left it, so the entry must name the endpoint itself.
    private int RankOf(Endpoint endpoint)
    {
        if (endpoint.Slot >= _rankBySlot.Length)
        {
            return -1;
        }

        int rank = _rankBySlot[endpoint.Slot];
        return rank < _oldestFirst.Count && ReferenceEquals(_oldestFirst[rank], endpoint) ? rank : -1;
    }

    private void Forget(Endpoint endpoint)
    {
        lock (_lru)
        {
            _oldestFirst.Remove(endpoint);
            Rank();
        }
    }

    private void Rank()
    {
        for (int rank = 0; rank < _oldestFirst.Count; rank++)
        {
            int slot = _oldestFirst[rank].Slot;
            if (slot >= _rankBySlot.Length)
            {
                Array.Resize(ref _rankBySlot, (slot + 1) * 2);
            }

            _rankBySlot[slot] = rank;
        }
    }

    private sealed class ColdRequest : PickFact
    {
        public bool IsCold { get; set; }

        protected internal override void Reset(int slots) => IsCold = false;
    }
}

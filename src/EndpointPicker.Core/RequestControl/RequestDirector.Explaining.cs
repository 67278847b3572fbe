using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Scheduling;

namespace EndpointPicker.Core.RequestControl;

/// <content>What is kept of a decision for those who ask why.</content>
public sealed partial class RequestDirector
{
    /// <summary>Decides as for a real request, and leaves no trace but the record in <see cref="RequestState.Rehearsal"/>.</summary>
    /// <param name="state">The request, begun and read by this director.</param>
    /// <param name="end">How much of the body was read.</param>
    /// <returns>The outcome.</returns>
    internal SchedulingResult Rehearse(RequestState state, BodyEnd end) => Schedule(state, end, _time.GetTimestamp());

    private bool Records(RequestState state, long now) => state.Rehearsal is not null || _telemetry.Decisions?.Wants(now) == true;

    private void RecordScheduled(RequestState state, in SchedulingResult result, long now, PickScratch scratch, ReadOnlySpan<Endpoint> picks)
    {
        Keep(new DecisionFacts
        {
            At = now,
            Pool = _pool.Name,
            State = state,
            Result = result,
            Freshness = _policy.Freshness,
            Picks = picks,
            Scratch = scratch,
            CountsTokens = _loadProducer is not null,
            Ran = _policy.Scheduler.PrimaryOf(scratch),
            Matches = _prefixProducer is null ? null : scratch.Facts.Of<PrefixMatches>(_prefixProducer),
        });
    }

    private void Record(
        RequestState state, in SchedulingResult result, long now, PickScratch? scratch = null, Endpoint? picked = null, bool prefersFresh = false)
    {
        Keep(new DecisionFacts
        {
            At = now,
            Pool = state.PoolError is null ? _pool.Name : "",
            State = state,
            Result = result,
            Freshness = _policy.Freshness,
            Picks = picked is null ? [] : [picked],
            Scratch = scratch,
            CountsTokens = _loadProducer is not null,
            PrefersFresh = prefersFresh,
        });
    }

    private void Keep(in DecisionFacts facts)
    {
        if (facts.State.Rehearsal is { } rehearsal)
        {
            rehearsal.Take(-1, _time.GetUtcNow().UtcTicks, facts);
        }
        else
        {
            _telemetry.Decisions!.Record(facts);
        }
    }
}

using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Scheduling;

namespace EndpointPicker.Core.RequestControl;

/// <content>Admission, scheduling and the fallback.</content>
public sealed partial class RequestDirector
{
    private const string Saturated = "rejected-saturated";
    private const string WithoutEndpoints = "rejected-no-endpoints";

    private SchedulingResult Decide(RequestState state, BodyEnd end, long now)
    {
        PickScratch scratch = _scratches.Rent();
        try
        {
            scratch.Recording = _telemetry.Decisions?.Wants(now) == true;
            CandidateSelection.Begin(scratch, _pool.Current, state.Request.Subset, _policy);
            PickReason reason = end == BodyEnd.Cut ? PickReason.BodyCut
                : state.PassesUnread ? PickReason.HeadersOnly
                : end == BodyEnd.None ? PickReason.BodyNotSent
                : PickReason.Scheduled;
            SchedulingResult result = Admit(state.Request, scratch, now) ?? Schedule(state, scratch, reason, now);
            if (scratch.Recording)
            {
                _telemetry.Decisions!.Record(now, state, result, scratch, _policy.Scheduler.PrimaryOf(scratch));
            }

            return result;
        }
        finally
        {
            _scratches.Return(scratch);
        }
    }

    private SchedulingResult? Admit(InferenceRequest request, PickScratch scratch, long now)
    {
        bool none = scratch.CandidateCount == 0;
        if (none && !_policy.ReferenceCompatible)
        {
            return NoEndpoints();
        }

        if (request.Priority < 0 && _policy.SaturationDetector?.Saturation(scratch.AllCandidates, now) >= 1)
        {
            return SchedulingResult.Refused(PickReason.Shed, InferenceErrorCode.ResourceExhausted, "system saturated, sheddable request dropped") with
            {
                DroppedReason = _policy.ReferenceCompatible ? null : Saturated,
            };
        }

        return none ? NoEndpoints() : null;
    }

    private SchedulingResult Schedule(RequestState state, PickScratch scratch, PickReason reason, long now)
    {
        SchedulingContext context = new(state.Request, now, scratch.Random, scratch.Facts) { Span = state.Trace?.Decision };
        ReadOnlySpan<Endpoint> picks = _policy.Scheduler.Schedule(context, scratch, state.Reservation);
        if (picks.IsEmpty)
        {
            return SchedulingResult.Refused(PickReason.Saturated, InferenceErrorCode.ResourceExhausted, "no endpoints available for the given request") with
            {
                DroppedReason = Saturated,
            };
        }

        if (ConditionalDecode.Refuses(context, _policy.Scheduler, picks[0]))
        {
            state.Reservation.Release();
            return SchedulingResult.Refused(
                PickReason.NotCached, InferenceErrorCode.PreconditionFailed, "no decode worker has the requested KV cache");
        }

        _policy.Scheduler.Commit(context, picks, state.Reservation);
        if (state.Scores.Wanted)
        {
            _policy.Scheduler.CopyScores(scratch, state.Scores);
        }

        Place(state, picks);
        return SchedulingResult.Picked(reason);
    }

    private SchedulingResult Fallback(RequestState state, PickReason reason, long now)
    {
        PickScratch scratch = _scratches.Rent();
        CandidateSelection.Begin(scratch, _pool.Current, state.Request.Subset, _policy);
        SchedulingResult result;
        if (scratch.CandidateCount == 0)
        {
            result = reason == PickReason.HeadersOnly && _policy.ReferenceCompatible
                ? SchedulingResult.Refused(PickReason.NoEndpoints, InferenceErrorCode.Internal, "no pods available in datastore")
                : NoEndpoints();
        }
        else
        {
            Endpoint picked = reason == PickReason.HeadersOnly && _policy.ReferenceCompatible
                ? FallbackPick.Any(scratch, state.Reservation)
                : FallbackPick.LeastInFlight(scratch, _policy.Freshness, now, state.Reservation);
            Place(state, [picked]);
            result = SchedulingResult.Picked(reason);
        }

        if (_telemetry.Decisions is { } decisions && decisions.Wants(now))
        {
            decisions.Record(now, state, result, scratch, null);
        }

        _scratches.Return(scratch);
        return result;
    }

    private static SchedulingResult NoEndpoints() =>
        SchedulingResult.Refused(
            PickReason.NoEndpoints, InferenceErrorCode.ServiceUnavailable, "failed to find endpoint candidates for serving the request") with
        {
            DroppedReason = WithoutEndpoints,
        };

    private static void Place(RequestState state, ReadOnlySpan<Endpoint> picks)
    {
        state.SetPicks(picks);
        picks[0].Adapters.Picked(state.Request.TargetModel);
    }
}

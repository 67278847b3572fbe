using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Scheduling;

namespace EndpointPicker.Core.RequestControl;

/// <content>Admission, scheduling and the fallback.</content>
public sealed partial class RequestDirector
{
    private const string Saturated = "rejected-saturated";
    private const string WithoutEndpoints = "rejected-no-endpoints";

    private SchedulingResult Schedule(RequestState state, BodyEnd end, long now)
    {
        try
        {
            if (state.PoolError is not null || (end == BodyEnd.None && !state.HasBody))
            {
                return Fallback(state, PickReason.HeadersOnly, now);
            }

            if (Read(state, end) is not { } refusal)
            {
                return Decide(state, end, now);
            }

            if (Records(state, now))
            {
                Record(state, refusal, now);
            }

            return refusal;
        }
#pragma warning disable CA1031 // A plugin's fault must cost neither the request nor the stream.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.PluginFailed(_telemetry.Logger, fault);
            return Fallback(state, PickReason.InternalFault, now);
        }
    }

    private SchedulingResult Decide(RequestState state, BodyEnd end, long now)
    {
        PickScratch scratch = _scratches.Rent();
        try
        {
            scratch.Recording = Records(state, now);
            CandidateSelection.Begin(scratch, _pool.Current, state.Request.Subset, _policy);
            PickReason reason = end == BodyEnd.Cut ? PickReason.BodyCut
                : state.PassesUnread ? PickReason.HeadersOnly
                : end == BodyEnd.None ? PickReason.BodyNotSent
                : PickReason.Scheduled;
            if (Admit(state.Request, scratch, now) is not { } refusal)
            {
                return Schedule(state, scratch, reason, now);
            }

            if (scratch.Recording)
            {
                scratch.SeeInFlight();
                Record(state, refusal, now, scratch);
            }

            return refusal;
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
        ReadOnlySpan<Endpoint> picks = _policy.Scheduler.Schedule(context, scratch, state.PlaceToTake);
        SchedulingResult result = picks.IsEmpty ? NothingLeft()
            : ConditionalDecode.Refuses(context, _policy.Scheduler, picks[0]) ? NotCached()
            : SchedulingResult.Picked(reason);
        if (scratch.Recording)
        {
            // Before plugins learn of the pick, so that what is recorded is what was scored.
            RecordScheduled(state, result, now, scratch, result.IsPicked ? picks : []);
        }

        if (!result.IsPicked)
        {
            state.Reservation.Release();
        }
        else if (state.Rehearsal is null)
        {
            _policy.Scheduler.Commit(context, picks, state.Reservation);
            if (state.Scores.Wanted)
            {
                _policy.Scheduler.CopyScores(scratch, state.Scores);
            }

            Place(state, picks);
        }

        return result;
    }

    private SchedulingResult Fallback(RequestState state, PickReason reason, long now)
    {
        if (state.PoolError is { } error)
        {
            SchedulingResult refusal = SchedulingResult.Refused(PickReason.UnknownPool, InferenceErrorCode.BadRequest, error.Message);
            if (Records(state, now))
            {
                Record(state, refusal, now);
            }

            return refusal;
        }

        PickScratch scratch = _scratches.Rent();
        CandidateSelection.Begin(scratch, _pool.Current, state.Request.Subset, _policy);
        bool likeTheReference = reason == PickReason.HeadersOnly && _policy.ReferenceCompatible;
        SchedulingResult result;
        Endpoint? picked = null;
        if (scratch.CandidateCount == 0)
        {
            result = likeTheReference
                ? SchedulingResult.Refused(PickReason.NoEndpoints, InferenceErrorCode.Internal, "no pods available in datastore")
                : NoEndpoints();
        }
        else
        {
            picked = likeTheReference
                ? FallbackPick.Any(scratch, state.PlaceToTake)
                : FallbackPick.LeastInFlight(scratch, _policy.Freshness, now, state.PlaceToTake);
            result = SchedulingResult.Picked(reason);
        }

        if (Records(state, now))
        {
            Record(state, result, now, scratch, picked, prefersFresh: !likeTheReference);
        }

        if (picked is not null && state.Rehearsal is null)
        {
            Place(state, [picked]);
        }

        _scratches.Return(scratch);
        return result;
    }

    private static SchedulingResult NothingLeft() =>
        SchedulingResult.Refused(PickReason.Saturated, InferenceErrorCode.ResourceExhausted, "no endpoints available for the given request") with
        {
            DroppedReason = Saturated,
        };

    private static SchedulingResult NotCached() =>
        SchedulingResult.Refused(PickReason.NotCached, InferenceErrorCode.PreconditionFailed, "no decode worker has the requested KV cache");

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

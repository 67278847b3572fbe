using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Scheduling;
using EndpointPicker.Core.Scheduling.Producers;

namespace EndpointPicker.Core.RequestControl;

/// <summary>
/// Leads one request through the decision: read, admit, schedule, reserve, observe, release. The ext_proc stream calls it in that order.
/// </summary>
public sealed partial class RequestDirector
{
    private readonly EndpointPool _pool;
    private readonly DecisionPolicy _policy;
    private readonly RequestTelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly PickScratchPool _scratches;
    private readonly UnseenSweep _unseen;
    private readonly PromptReading? _prompts;
    private readonly string? _loadProducer;
    private readonly IDataProducer? _prefixProducer;

    // Apart, so that a client that invents fairness ids cannot use up the room for models.
    private readonly ModelNames _modelNames = new();
    private readonly ModelNames _fairnessIds = new();

    /// <summary>Makes the director.</summary>
    /// <param name="pool">The endpoints.</param>
    /// <param name="policy">What configuration makes of the decision.</param>
    /// <param name="telemetry">Where it tells what it does.</param>
    /// <param name="time">The clock; endpoints must be stamped with the same.</param>
    /// <param name="random">Seeds the picks' sources of chance; not used by anybody else at the same time.</param>
    public RequestDirector(EndpointPool pool, DecisionPolicy policy, RequestTelemetry telemetry, TimeProvider time, Random random)
    {
        _pool = pool;
        _policy = policy;
        _telemetry = telemetry;
        _time = time;
        _scratches = new PickScratchPool(policy.Scheduler, random);
        _unseen = new UnseenSweep(pool, time);
        _prompts = PromptReading.For(policy.Scheduler);
        _prefixProducer = policy.Scheduler.Producers.OfType<ApproximatePrefixProducer>().FirstOrDefault();
        _loadProducer = policy.Scheduler.NamedProducers.FirstOrDefault(p => p.Plugin is InflightLoadProducer)?.Name;
    }

    /// <summary>Reads the next bytes of the body.</summary>
    /// <param name="state">The request.</param>
    /// <param name="body">The next bytes, in any split; not kept.</param>
#pragma warning disable CA1822 // Part of the facade that the stream calls.
    public void Append(RequestState state, ReadOnlySpan<byte> body)
#pragma warning restore CA1822
    {
        state.Request.BodyBytes += body.Length;
        state.Reader?.Append(body);
    }

    /// <summary>Decides, and counts the request on the endpoint that it picks.</summary>
    /// <param name="state">The request.</param>
    /// <param name="end">How much of the body was read.</param>
    /// <param name="cancellationToken">Ends a wait for capacity.</param>
    /// <returns>The outcome; <see cref="RequestState.Picks"/> has the endpoints.</returns>
    public ValueTask<SchedulingResult> ScheduleAsync(RequestState state, BodyEnd end, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long now = _time.GetTimestamp();
        _unseen.RunIfDue(now);
        BeginDecision(state);
        SchedulingResult result = Schedule(state, end, now);
        Count(state, result);
        return ValueTask.FromResult(result);
    }

    /// <summary>Decides at once on what is known, without waiting and without plugins that could fail.</summary>
    /// <param name="state">The request.</param>
    /// <param name="reason">Why the ordinary way is not taken.</param>
    /// <returns>The outcome.</returns>
    public SchedulingResult ScheduleNow(RequestState state, PickReason reason)
    {
        long now = _time.GetTimestamp();
        _unseen.RunIfDue(now);
        BeginDecision(state);
        SchedulingResult result = Fallback(state, reason, now);
        Count(state, result);
        return result;
    }

    /// <summary>Takes note that the stream has refused the request itself.</summary>
    /// <param name="state">The request.</param>
    /// <param name="refusal">With what.</param>
    public void Refuse(RequestState state, in SchedulingResult refusal) => Count(state, refusal);

    private static void BeginDecision(RequestState state)
    {
        if (state.Trace is { } trace)
        {
            RequestTracing.BeginDecision(trace);
        }
    }

    private void Count(RequestState state, in SchedulingResult result)
    {
        if (state.Trace is { } trace)
        {
            RequestTracing.EndDecision(trace, state, result);
        }

        if (state.PoolError is null)
        {
            _telemetry.Pool?.Decided(result.Reason);
        }

        if (_telemetry.Metrics is not { } metrics)
        {
            return;
        }

        metrics.Decided(state, result.Reason, _time.GetTimestamp());
        if (result.IsPicked)
        {
            // As the reference counts: not what has no body. And once, should a fallback follow an ordinary pick.
            if (state.HasBody && state.Labels is null)
            {
                metrics.Placed(state);
            }

            GaugeInFlight(state);
        }
        else
        {
            metrics.Refused(state, result.Error);
        }
    }

    private void GaugeInFlight(RequestState state)
    {
        if (_loadProducer is not null)
        {
            _telemetry.Metrics?.InFlight.Follow(state, _loadProducer);
        }
    }
}

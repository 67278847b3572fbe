using System.Diagnostics;
using System.Text;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Scheduling;

namespace EndpointPicker.Core.RequestControl;

/// <summary>Makes the spans of requests, by the reference's names.</summary>
public sealed class RequestTracing : IDisposable
{
    /// <summary>The instrumentation scope of all spans: the reference's of its first one.</summary>
    public const string SourceName = "llm-d-router/pkg/epp/handlers";

    private readonly ActivitySource _source;
    private readonly TraceSampling _sampling;

    /// <summary>Makes the source of spans; they exist once somebody listens to it.</summary>
    /// <param name="sampling">Which requests are traced.</param>
    /// <param name="version">The version of the build.</param>
    /// <param name="commit">Its commit.</param>
    public RequestTracing(TraceSampling sampling, string version, string commit)
    {
        _sampling = sampling;
        _source = new ActivitySource(SourceName, version, [new("commit-sha", commit)]);
    }

    /// <inheritdoc />
    public void Dispose() => _source.Dispose();

    /// <summary>Begins the trace of a request whose headers are there.</summary>
    /// <returns>Its trace; <see langword="null"/> where it is not traced.</returns>
    internal RequestTrace? Begin(InferenceRequest request)
    {
        if (!_source.HasListeners() || !_sampling.TrySample(request.Headers, out ActivityContext parent))
        {
            return null;
        }

        Activity? span = SchedulingSpan.Started(_source.CreateActivity("gateway.request", ActivityKind.Server, parent));
        if (span is not null && request.Headers.TryGet("x-request-id"u8, out ReadOnlySpan<byte> id))
        {
            span.SetTag("gen_ai.request.id", Encoding.UTF8.GetString(id));
        }

        return span is null ? null : new RequestTrace(span);
    }

    /// <summary>Begins a decision; one that was given up ends where the next begins.</summary>
    internal static void BeginDecision(RequestTrace trace)
    {
        trace.Decision?.Stop();
        trace.Decision = SchedulingSpan.Start(trace.Request, "gateway.request_orchestration", ActivityKind.Server);
    }

    /// <summary>Ends the decision with what came of it.</summary>
    internal static void EndDecision(RequestTrace trace, RequestState state, in SchedulingResult result)
    {
        InferenceRequest request = state.Request;
        trace.Request.SetTag("gen_ai.request.model", request.Model);
        if (!result.IsPicked)
        {
            trace.Request.SetStatus(ActivityStatusCode.Error, result.Message);
            trace.Decision?.SetStatus(ActivityStatusCode.Error, result.Message);
        }

        trace.Decision?.SetTag("target_model", request.TargetModel);
        trace.Decision?.SetTag("request_prio", request.Priority);
        ReadOnlySpan<byte> objective = ControlHeaders.Objective(request.Headers);
        if (!objective.IsEmpty)
        {
            trace.Decision?.SetTag("llm_d.epp.objective", Encoding.UTF8.GetString(objective));
        }

        if (state.Rewrite is { } rewrite)
        {
            trace.Decision?.SetTag("llm_d.epp.model_rewrite", rewrite.Name);
        }

        trace.Decision?.SetTag("llm_d.epp.reason", result.Reason.ToString());
        trace.Decision?.Stop();
    }

    /// <summary>Says that the model server failed.</summary>
    internal static void ServerFailed(RequestTrace trace, ReadOnlySpan<byte> status) =>
        trace.Request.SetStatus(ActivityStatusCode.Error, $"the model server answered {Encoding.UTF8.GetString(status)}");

    /// <summary>Ends the trace with the stream.</summary>
    internal static void End(RequestTrace trace) => trace.Request.Stop();
}

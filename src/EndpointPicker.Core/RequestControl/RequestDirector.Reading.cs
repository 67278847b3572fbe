using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Requests.Parsers;
using EndpointPicker.Core.Requests.Readers;

namespace EndpointPicker.Core.RequestControl;

/// <content>From headers and body to a request that can be decided.</content>
public sealed partial class RequestDirector
{
    private const string DefaultFairnessId = "default-flow";

    /// <summary>Starts a request whose headers and subset are filled in.</summary>
    /// <param name="state">The request.</param>
    /// <returns>Whether the decision wants the body; where not, it is made on the headers and the body passes unread.</returns>
    public bool Begin(RequestState state)
    {
        InferenceRequest request = state.Request;
        request.ReceivedAt = _time.GetTimestamp();
        state.Trace = _telemetry.Tracing?.Begin(request);
        ReadOnlySpan<byte> fairnessId = ControlHeaders.FairnessId(request.Headers);
        request.FairnessId = fairnessId.IsEmpty ? DefaultFairnessId : _fairnessIds.Get(fairnessId);
        if (state.PoolError is not null)
        {
            // To be refused at once: neither this pool's rules nor its parsers concern it.
            return false;
        }

        PrioritizeByObjective(state);
        RouteMatch match = _policy.Parsers.Resolve(request.Headers);
        state.Route = match.Route;
        state.PathError = match.Error;
        state.HasBody = !HasNoBody(request.Headers);
        state.PassesUnread = !match.ReadsBody;
        request.Api = match.Route?.Api ?? RequestApi.Passthrough;
        if (!match.ReadsBody || !state.HasBody)
        {
            return false;
        }

        JsonRequestReader reader = state.Use(this).JsonReader ??= new JsonRequestReader(_policy.Reading, _modelNames);
        reader.Begin(request.Api, request, _prompts?.Begin(state, _pool.Current));
        state.Reader = reader;
        return true;
    }

    private static bool HasNoBody(HeaderTable headers) =>
        headers.TryGet(":method"u8, out ReadOnlySpan<byte> method)
        && (method.SequenceEqual("GET"u8) || method.SequenceEqual("HEAD"u8) || method.SequenceEqual("OPTIONS"u8) || method.SequenceEqual("DELETE"u8));

    private SchedulingResult? Read(RequestState state, BodyEnd end)
    {
        if (state.PathError is { } pathError)
        {
            return Refused(pathError);
        }

        InferenceRequest request = state.Request;
        if (state.Reader is { } reader && end != BodyEnd.None && reader.Finish(end == BodyEnd.Cut) is { } error)
        {
            return Refused(error);
        }

        ReadOnlySpan<byte> target = ControlHeaders.ModelRewrite(request.Headers);
        request.TargetModel = target.IsEmpty ? request.Model : _modelNames.Get(target);
        state.IsStreaming = request.Stream;
        if (_policy.Rules.Current is { } rules)
        {
            ApplyRules(rules, state, end);
        }

        if (request.TargetModel.Length == 0 && MustHaveTarget(state, end))
        {
            return Refused(NoTarget(state.Rewrite));
        }

        if (_prompts is not null)
        {
            PromptReading.Complete(state);
        }

        return null;
    }

    // A compressed body has no reader: it names a model that nobody here has seen, and that is no mistake.
    private static bool MustHaveTarget(RequestState state, BodyEnd end) =>
        state.Rewrite is not null || (end == BodyEnd.Complete && state is { Reader: not null, Route.RewritesModel: true });

    private static RequestError NoTarget(RewriteRule? rewrite)
    {
        const string NoModel = "model not found in request body";
        string message = rewrite is null ? NoModel : $"no model to serve the request: the model rewrite {rewrite.Name} has no targets";
        return new RequestError(message) { ReferenceMessage = NoModel, Parameter = "model" };
    }

    private static SchedulingResult Refused(RequestError error) =>
        SchedulingResult.Refused(PickReason.BadRequest, InferenceErrorCode.BadRequest, error.Message) with
        {
            ReferenceMessage = error.ReferenceMessage,
            Parameter = error.Parameter,
        };
}

using EndpointPicker.Core.Requests;

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
        ReadOnlySpan<byte> fairnessId = Header(request.Headers, "x-llm-d-inference-fairness-id"u8, "x-gateway-inference-fairness-id"u8);
        request.FairnessId = fairnessId.IsEmpty ? DefaultFairnessId : _names.Get(fairnessId);
        state.HasBody = !HasNoBody(request.Headers);
        return state.Reader is not null;
    }

    // A name that is there beats its older alias, even when it is empty.
    private static ReadOnlySpan<byte> Header(HeaderTable headers, ReadOnlySpan<byte> name, ReadOnlySpan<byte> alias)
    {
        if (!headers.TryGet(name, out ReadOnlySpan<byte> value))
        {
            headers.TryGet(alias, out value);
        }

        return value;
    }

    private static bool HasNoBody(HeaderTable headers) =>
        headers.TryGet(":method"u8, out ReadOnlySpan<byte> method)
        && (method.SequenceEqual("GET"u8) || method.SequenceEqual("HEAD"u8) || method.SequenceEqual("OPTIONS"u8) || method.SequenceEqual("DELETE"u8));

    private SchedulingResult? Read(RequestState state, BodyEnd end)
    {
        InferenceRequest request = state.Request;
        if (state.Reader is not { } reader || end == BodyEnd.None)
        {
            return null;
        }

        if (reader.Finish(end == BodyEnd.Cut) is { } error)
        {
            return SchedulingResult.Refused(PickReason.BadRequest, InferenceErrorCode.BadRequest, error.Message) with
            {
                ReferenceMessage = error.ReferenceMessage,
                Parameter = error.Parameter,
            };
        }

        ReadOnlySpan<byte> rewrite = Header(request.Headers, "x-llm-d-model-name-rewrite"u8, "x-gateway-model-name-rewrite"u8);
        request.TargetModel = rewrite.IsEmpty ? request.Model : _names.Get(rewrite);
        state.IsStreaming = request.Stream;
        return request.TargetModel.Length == 0 && end == BodyEnd.Complete && NeedsModel(request.Api)
            ? SchedulingResult.Refused(PickReason.BadRequest, InferenceErrorCode.BadRequest, "model not found in request body") with { Parameter = "model" }
            : null;
    }

    private static bool NeedsModel(RequestApi api) =>
        api is not (RequestApi.Passthrough or RequestApi.AnthropicCountTokens or RequestApi.SglangGenerate);
}

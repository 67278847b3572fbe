using EndpointPicker.Core.Requests;

namespace EndpointPicker.Core.RequestControl;

/// <summary>
/// The headers by which a client or a gateway steers the decision. Each has an older alias; the newer name wins where it is there, even when it is
/// empty.
/// </summary>
internal static class ControlHeaders
{
    public static ReadOnlySpan<byte> FairnessId(HeaderTable headers) =>
        Get(headers, "x-llm-d-inference-fairness-id"u8, "x-gateway-inference-fairness-id"u8);

    public static ReadOnlySpan<byte> Objective(HeaderTable headers) =>
        Get(headers, "x-llm-d-inference-objective"u8, "x-gateway-inference-objective"u8);

    public static ReadOnlySpan<byte> ModelRewrite(HeaderTable headers) =>
        Get(headers, "x-llm-d-model-name-rewrite"u8, "x-gateway-model-name-rewrite"u8);

    private static ReadOnlySpan<byte> Get(HeaderTable headers, ReadOnlySpan<byte> name, ReadOnlySpan<byte> alias)
    {
        if (!headers.TryGet(name, out ReadOnlySpan<byte> value))
        {
            headers.TryGet(alias, out value);
        }

        return value;
    }
}

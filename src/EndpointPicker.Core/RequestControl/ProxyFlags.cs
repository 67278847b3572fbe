using System.Numerics;

namespace EndpointPicker.Core.RequestControl;

/// <summary>Envoy's response flags, by the names that its access log has for them.</summary>
/// <remarks>https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#response-flags</remarks>
internal static class ProxyFlags
{
    // In the order of their bits.
    private static readonly KeyValuePair<string, object?>[] Labels =
    [
        .. ((string[])
        [
            "LH", "UH", "UT", "LR", "UR", "UF", "UC", "UO", "NR", "DI", "FI", "RL", "UAEX", "RLSE", "DC", "URX", "SI", "IH", "DPE", "UMSDR", "RFCF", "NFCF", "DT",
            "UPE", "NC", "OM", "DF", "DO", "DR", "UDO", "other",
        ]).Select(name => new KeyValuePair<string, object?>("flag", name)),
    ];

    /// <summary>The label of the lowest flag: of several it is the cause, as UF is of URX, the last retry's end.</summary>
    /// <param name="flags">At least one flag.</param>
    /// <returns>The label.</returns>
    public static KeyValuePair<string, object?> Label(ulong flags) => Labels[Math.Min(BitOperations.TrailingZeroCount(flags), Labels.Length - 1)];
}

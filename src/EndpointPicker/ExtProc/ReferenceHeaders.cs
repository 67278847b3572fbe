using EndpointPicker.Core.Requests;

namespace EndpointPicker.ExtProc;

/// <summary>The header echo of the reference picker: every header that came is set again, but for those that the system owns.</summary>
internal static class ReferenceHeaders
{
    private static readonly byte[][] SystemOwned =
    [
        .. new[]
        {
            "x-llm-d-inference-fairness-id", "x-gateway-inference-fairness-id", "x-llm-d-inference-objective", "x-gateway-inference-objective",
            "x-llm-d-model-name-rewrite", "x-gateway-model-name-rewrite", "x-gateway-destination-endpoint-subset", "x-llm-d-slo-ttft-ms",
            "x-slo-ttft-ms", "x-llm-d-slo-tpot-ms", "x-slo-tpot-ms", "x-llm-d-video-fps", "x-llm-d-video-duration-seconds",
            "x-llm-d-video-resolution", "x-gateway-destination-endpoint", "x-gateway-destination-endpoint-served",
            "x-llm-d-request-dropped-reason", "content-length",
        }.Select(System.Text.Encoding.ASCII.GetBytes),
    ];

    /// <summary>Sets every header of the table again; of several lines with one name the last.</summary>
    public static void Echo(HeaderTable headers, HeaderMutationBuffer mutation)
    {
        for (int i = 0; i < headers.Count; i++)
        {
            if (!IsSystemOwned(headers.Name(i)) && IsLast(headers, i))
            {
                mutation.Set(headers.Name(i), headers.Value(i));
            }
        }
    }

    private static bool IsLast(HeaderTable headers, int index)
    {
        for (int i = index + 1; i < headers.Count; i++)
        {
            if (headers.Name(i).SequenceEqual(headers.Name(index)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsSystemOwned(ReadOnlySpan<byte> name)
    {
        foreach (byte[] owned in SystemOwned)
        {
            if (name.SequenceEqual(owned))
            {
                return true;
            }
        }

        return false;
    }
}

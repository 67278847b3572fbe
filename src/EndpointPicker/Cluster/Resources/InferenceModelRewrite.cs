using System.Text.Json;
using EndpointPicker.Cluster.Api;

namespace EndpointPicker.Cluster.Resources;

/// <summary>Says which models' requests to a pool go to which other models.</summary>
/// <param name="Metadata">Who it is; the oldest has precedence.</param>
/// <param name="Pool">The pool.</param>
/// <param name="Rules">The rules; the first has precedence.</param>
internal sealed record InferenceModelRewrite(ObjectMetadata Metadata, PoolReference Pool, IReadOnlyList<ModelRewriteRule> Rules) : IClusterObject
{
    /// <summary>Reads a rewrite of either group.</summary>
    /// <param name="json">At the object's start; left at its end.</param>
    /// <param name="rewrite">The rewrite.</param>
    /// <returns>Whether it is one: it has a name.</returns>
    public static bool TryRead(ref Utf8JsonReader json, out InferenceModelRewrite rewrite)
    {
        rewrite = new InferenceModelRewrite(ObjectMetadata.None, default, []);
        while (json.NextField())
        {
            if (json.ValueTextEquals("metadata"u8))
            {
                rewrite = rewrite with { Metadata = ObjectMetadata.Take(ref json) };
            }
            else if (json.ValueTextEquals("spec"u8))
            {
                rewrite = ReadSpec(ref json, rewrite);
            }
            else
            {
                json.SkipValue();
            }
        }

        return rewrite.Metadata.Name.Length > 0;
    }

    private static InferenceModelRewrite ReadSpec(ref Utf8JsonReader json, InferenceModelRewrite rewrite)
    {
        if (!json.EnterObject())
        {
            return rewrite;
        }

        while (json.NextField())
        {
            if (json.ValueTextEquals("poolRef"u8))
            {
                rewrite = rewrite with { Pool = PoolReference.Take(ref json, ApiGroups.Inference) };
            }
            else if (json.ValueTextEquals("rules"u8))
            {
                rewrite = rewrite with { Rules = ReadRules(ref json) };
            }
            else
            {
                json.SkipValue();
            }
        }

        return rewrite;
    }

    private static List<ModelRewriteRule> ReadRules(ref Utf8JsonReader json)
    {
        List<ModelRewriteRule> rules = [];
        if (json.EnterArray())
        {
            while (json.NextObject())
            {
                rules.Add(ModelRewriteRule.Take(ref json));
            }
        }

        return rules;
    }
}

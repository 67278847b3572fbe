using System.Text.Json;
using EndpointPicker.Cluster.Api;

namespace EndpointPicker.Cluster.Resources;

/// <summary>A priority that requests to a pool can name.</summary>
/// <param name="Metadata">Who it is; requests name it by its name.</param>
/// <param name="Pool">The pool.</param>
/// <param name="Priority">The priority; 0 where it says none.</param>
internal sealed record InferenceObjective(ObjectMetadata Metadata, PoolReference Pool, int Priority) : IClusterObject
{
    /// <summary>Reads an objective of either group.</summary>
    /// <param name="json">At the object's start; left at its end.</param>
    /// <param name="objective">The objective.</param>
    /// <returns>Whether it is one: it has a name.</returns>
    public static bool TryRead(ref Utf8JsonReader json, out InferenceObjective objective)
    {
        objective = new InferenceObjective(ObjectMetadata.None, default, 0);
        while (json.NextField())
        {
            if (json.ValueTextEquals("metadata"u8))
            {
                objective = objective with { Metadata = ObjectMetadata.Take(ref json) };
            }
            else if (json.ValueTextEquals("spec"u8))
            {
                objective = ReadSpec(ref json, objective);
            }
            else
            {
                json.SkipValue();
            }
        }

        return objective.Metadata.Name.Length > 0;
    }

    private static InferenceObjective ReadSpec(ref Utf8JsonReader json, InferenceObjective objective)
    {
        if (!json.EnterObject())
        {
            return objective;
        }

        while (json.NextField())
        {
            if (json.ValueTextEquals("poolRef"u8))
            {
                objective = objective with { Pool = PoolReference.Take(ref json, ApiGroups.Inference) };
            }
            else if (json.ValueTextEquals("priority"u8))
            {
                objective = objective with { Priority = json.TakeInteger() ?? 0 };
            }
            else
            {
                json.SkipValue();
            }
        }

        return objective;
    }
}

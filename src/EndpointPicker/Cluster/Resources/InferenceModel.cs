using System.Text.Json;
using EndpointPicker.Cluster.Api;

namespace EndpointPicker.Cluster.Resources;

/// <summary>What objectives and rewrites were before they were two kinds: how much a model's requests matter, and what serves them.</summary>
/// <param name="Metadata">Who it is; of several for one model the oldest has precedence.</param>
/// <param name="Pool">The pool.</param>
/// <param name="ModelName">The model that requests ask for.</param>
/// <param name="Criticality"><c>Critical</c>, <c>Standard</c> or <c>Sheddable</c>; empty where it says none.</param>
/// <param name="Targets">The models that serve it; none is the model itself.</param>
internal sealed record InferenceModel(ObjectMetadata Metadata, PoolReference Pool, string ModelName, string Criticality, IReadOnlyList<WeightedModel> Targets)
    : IClusterObject
{
    /// <summary>Reads a model of <c>inference.networking.x-k8s.io/v1alpha2</c>.</summary>
    /// <param name="json">At the object's start; left at its end.</param>
    /// <param name="model">The model.</param>
    /// <returns>Whether it is one: it has a name, and that of a model.</returns>
    public static bool TryRead(ref Utf8JsonReader json, out InferenceModel model)
    {
        model = new InferenceModel(ObjectMetadata.None, default, "", "", []);
        while (json.NextField())
        {
            if (json.ValueTextEquals("metadata"u8))
            {
                model = model with { Metadata = ObjectMetadata.Take(ref json) };
            }
            else if (json.ValueTextEquals("spec"u8))
            {
                model = ReadSpec(ref json, model);
            }
            else
            {
                json.SkipValue();
            }
        }

        return model.Metadata.Name.Length > 0 && model.ModelName.Length > 0;
    }

    private static InferenceModel ReadSpec(ref Utf8JsonReader json, InferenceModel model)
    {
        if (!json.EnterObject())
        {
            return model;
        }

        while (json.NextField())
        {
            if (json.ValueTextEquals("modelName"u8))
            {
                model = model with { ModelName = json.TakeText() ?? "" };
            }
            else if (json.ValueTextEquals("criticality"u8))
            {
                model = model with { Criticality = json.TakeText() ?? "" };
            }
            else if (json.ValueTextEquals("poolRef"u8))
            {
                model = model with { Pool = PoolReference.Take(ref json, ApiGroups.Experimental) };
            }
            else if (json.ValueTextEquals("targetModels"u8))
            {
                model = model with { Targets = WeightedModel.TakeAll(ref json, "name"u8) };
            }
            else
            {
                json.SkipValue();
            }
        }

        return model;
    }
}

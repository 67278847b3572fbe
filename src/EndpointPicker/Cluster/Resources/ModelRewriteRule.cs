using System.Text.Json;
using EndpointPicker.Cluster.Api;

namespace EndpointPicker.Cluster.Resources;

/// <summary>One rule of an <see cref="InferenceModelRewrite"/>.</summary>
/// <param name="Models">The models that it is for; <see langword="null"/> where it is for every model, none where it can match nothing.</param>
/// <param name="Targets">What they become.</param>
internal sealed record ModelRewriteRule(IReadOnlyList<string>? Models, IReadOnlyList<WeightedModel> Targets)
{
    /// <summary>Takes the object that the reader is at.</summary>
    public static ModelRewriteRule Take(ref Utf8JsonReader json)
    {
        ModelRewriteRule rule = new(null, []);
        while (json.NextField())
        {
            if (json.ValueTextEquals("matches"u8))
            {
                rule = rule with { Models = ReadMatches(ref json) };
            }
            else if (json.ValueTextEquals("targets"u8))
            {
                rule = rule with { Targets = WeightedModel.TakeAll(ref json, "modelRewrite"u8) };
            }
            else
            {
                json.SkipValue();
            }
        }

        return rule;
    }

    // A match that names no model matches nothing; an empty list of matches is as none.
    private static List<string>? ReadMatches(ref Utf8JsonReader json)
    {
        List<string> models = [];
        int matches = 0;
        if (json.EnterArray())
        {
            while (json.NextObject())
            {
                matches++;
                while (json.NextField())
                {
                    if (!json.ValueTextEquals("model"u8))
                    {
                        json.SkipValue();
                    }
                    else if (ReadModel(ref json) is { Length: > 0 } model)
                    {
                        models.Add(model);
                    }
                }
            }
        }

        return matches == 0 ? null : models;
    }

    private static string? ReadModel(ref Utf8JsonReader json)
    {
        string? value = null;
        bool exact = true;
        if (json.EnterObject())
        {
            while (json.NextField())
            {
                if (json.ValueTextEquals("value"u8))
                {
                    value = json.TakeText();
                }
                else if (json.ValueTextEquals("type"u8))
                {
                    exact = json.TakeText() is null or "Exact";
                }
                else
                {
                    json.SkipValue();
                }
            }
        }

        return exact ? value : null;
    }
}

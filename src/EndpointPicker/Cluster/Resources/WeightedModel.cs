using System.Text.Json;
using EndpointPicker.Cluster.Api;

namespace EndpointPicker.Cluster.Resources;

/// <summary>A model that requests may be sent to instead of the one that they ask for.</summary>
/// <param name="Name">The model.</param>
/// <param name="Weight">Its share among its siblings; <see langword="null"/> where it says none.</param>
internal readonly record struct WeightedModel(string Name, int? Weight)
{
    /// <summary>Takes the array of such objects that is the field's value.</summary>
    /// <param name="json">At the field's name.</param>
    /// <param name="nameField">What an object's field with the model is called.</param>
    public static List<WeightedModel> TakeAll(ref Utf8JsonReader json, ReadOnlySpan<byte> nameField)
    {
        List<WeightedModel> models = [];
        if (json.EnterArray())
        {
            while (json.NextObject())
            {
                WeightedModel model = new("", null);
                while (json.NextField())
                {
                    if (json.ValueTextEquals(nameField))
                    {
                        model = model with { Name = json.TakeText() ?? "" };
                    }
                    else if (json.ValueTextEquals("weight"u8))
                    {
                        model = model with { Weight = json.TakeInteger() };
                    }
                    else
                    {
                        json.SkipValue();
                    }
                }

                models.Add(model);
            }
        }

        return models;
    }
}

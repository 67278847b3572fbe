using System.Text.Json;
using EndpointPicker.Cluster.Api;

namespace EndpointPicker.Cluster.Resources;

/// <summary>What every Kubernetes object says of itself, as far as it is read here.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="Name">The name, unique among the objects of one kind in the namespace.</param>
/// <param name="Uid">Tells it from another object of the same name, before or after it.</param>
/// <param name="CreatedAt">When it was made, to the second.</param>
/// <param name="Deleting">Whether it was deleted and only waits for its end.</param>
internal record struct ObjectMetadata(string Namespace, string Name, string Uid, DateTimeOffset CreatedAt, bool Deleting)
{
    /// <summary>What stands for an object that says nothing of itself: the youngest of all, without a name.</summary>
    public static ObjectMetadata None { get; } = new("", "", "", DateTimeOffset.MaxValue, Deleting: false);

    /// <summary>Takes the object that is the field's value.</summary>
    public static ObjectMetadata Take(ref Utf8JsonReader json)
    {
        ObjectMetadata metadata = None;
        if (json.EnterObject())
        {
            while (json.NextField())
            {
                if (!metadata.TakeField(ref json))
                {
                    json.SkipValue();
                }
            }
        }

        return metadata;
    }

    /// <summary>Reads the value of the field whose name the reader is at, if it is one of these.</summary>
    /// <returns>Whether it is; else the reader has not moved.</returns>
    public bool TakeField(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("name"u8))
        {
            this = this with { Name = json.TakeText() ?? "" };
        }
        else if (json.ValueTextEquals("namespace"u8))
        {
            this = this with { Namespace = json.TakeText() ?? "" };
        }
        else if (json.ValueTextEquals("uid"u8))
        {
            this = this with { Uid = json.TakeText() ?? "" };
        }
        else if (json.ValueTextEquals("creationTimestamp"u8))
        {
            json.Read();
            this = this with { CreatedAt = json.TokenType == JsonTokenType.String && json.TryGetDateTimeOffset(out DateTimeOffset at) ? at : DateTimeOffset.MaxValue };
        }
        else if (json.ValueTextEquals("deletionTimestamp"u8))
        {
            this = this with { Deleting = json.TakeText() is not null };
        }
        else
        {
            return false;
        }

        return true;
    }
}

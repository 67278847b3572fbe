using System.Text.Json;

namespace EndpointPicker.Cluster.Api;

/// <summary>What every object, list and bookmark has: its metadata.</summary>
/// <param name="Name">The name; empty where there is none.</param>
/// <param name="ResourceVersion">The version; empty where there is none.</param>
/// <param name="Continue">Of a list, where its next page begins; empty after the last.</param>
internal readonly record struct ObjectHeader(string Name, string ResourceVersion, string Continue)
{
    /// <summary>Reads the metadata of an object.</summary>
    /// <param name="json">A copy of the reader, on the object's first token.</param>
    public static ObjectHeader Of(Utf8JsonReader json)
    {
        while (json.NextField())
        {
            bool found = json.ValueTextEquals("metadata"u8);
            json.Read();
            if (found)
            {
                return Read(ref json);
            }

            json.Skip();
        }

        return new ObjectHeader("", "", "");
    }

    /// <summary>Reads metadata.</summary>
    /// <param name="json">Stands on the first token of the metadata, and afterwards on the last.</param>
    public static ObjectHeader Read(ref Utf8JsonReader json)
    {
        string name = "";
        string version = "";
        string next = "";
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return new ObjectHeader(name, version, next);
        }

        while (json.NextField())
        {
            if (json.ValueTextEquals("name"u8))
            {
                name = json.TakeText() ?? "";
            }
            else if (json.ValueTextEquals("resourceVersion"u8))
            {
                version = json.TakeText() ?? "";
            }
            else if (json.ValueTextEquals("continue"u8))
            {
                next = json.TakeText() ?? "";
            }
            else
            {
                json.SkipValue();
            }
        }

        return new ObjectHeader(name, version, next);
    }
}

using System.Buffers;
using System.Text.Json;

namespace EndpointPicker.Cluster.Api;

/// <summary>Reads a page of a list.</summary>
internal static class ListPage
{
    /// <summary>Reads the objects and the list's metadata.</summary>
    /// <typeparam name="T">What is made of an object.</typeparam>
    /// <param name="body">The page.</param>
    /// <param name="reading">Reads the objects.</param>
    /// <param name="into">Takes them.</param>
    /// <returns>The list's metadata.</returns>
    /// <exception cref="JsonException">It is no list.</exception>
    public static ObjectHeader Read<T>(in ReadOnlySequence<byte> body, ObjectReading<T> reading, List<T> into)
    {
        Utf8JsonReader json = new(body, JsonFrames.Options);
        ObjectHeader header = default;
        json.Read();
        while (json.NextField())
        {
            if (json.ValueTextEquals("metadata"u8))
            {
                json.Read();
                header = ObjectHeader.Read(ref json);
            }
            else if (!json.ValueTextEquals("items"u8))
            {
                json.SkipValue();
            }
            else if (json.EnterArray())
            {
                ReadItems(ref json, reading, into);
            }
        }

        return header.ResourceVersion is { Length: > 0 } ? header : throw new JsonException("the list has no resourceVersion");
    }

    private static void ReadItems<T>(ref Utf8JsonReader json, ObjectReading<T> reading, List<T> into)
    {
        while (json.NextObject())
        {
            if (reading.TryRead(json, out T? item))
            {
                into.Add(item);
            }

            json.Skip();
        }
    }
}

using System.Text;
using System.Text.Json;
using EndpointPicker.Cluster.Api;

namespace EndpointPicker.Tests.Cluster.Resources;

/// <summary>Reads one object as a watch does.</summary>
internal static class Json
{
    /// <summary>Reads an object; it must have been read to its end.</summary>
    /// <returns>The object; <see langword="null"/> where the reader refuses it.</returns>
    public static T? Read<T>(ResourceReader<T> reader, string text)
        where T : class
    {
        Utf8JsonReader json = new(Encoding.UTF8.GetBytes(text));
        Assert.True(json.Read());
        bool read = reader(ref json, out T? item);
        Assert.Equal(JsonTokenType.EndObject, json.TokenType);
        Assert.Equal(0, json.CurrentDepth);
        return read ? item : null;
    }
}

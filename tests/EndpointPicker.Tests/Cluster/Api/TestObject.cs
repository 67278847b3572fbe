using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using EndpointPicker.Cluster.Api;

namespace EndpointPicker.Tests.Cluster.Api;

/// <summary>Any object: its name and version. One labelled <c>refuse</c> makes no sense.</summary>
/// <param name="Name">The name.</param>
/// <param name="Version">The resource version.</param>
internal sealed record TestObject(string Name, string Version)
{
    /// <summary>Reads one.</summary>
    public static bool Read(ref Utf8JsonReader json, [MaybeNullWhen(false)] out TestObject item)
    {
        using JsonDocument whole = JsonDocument.ParseValue(ref json);
        JsonElement metadata = whole.RootElement.GetProperty("metadata");
        item = new TestObject(metadata.GetProperty("name").GetString()!, metadata.GetProperty("resourceVersion").GetString()!);
        return !(metadata.TryGetProperty("labels", out JsonElement labels) && labels.TryGetProperty("refuse", out _));
    }

    /// <summary>The JSON of one.</summary>
    public static string Json(string name, int version, string labels = "{}") =>
        $$$"""{"metadata":{"name":"{{{name}}}","resourceVersion":"{{{version}}}","labels":{{{labels}}}}}""";

    /// <summary>The JSON of a list.</summary>
    public static string List(int version, string next, params string[] items) =>
        $$$"""{"kind":"List","metadata":{"resourceVersion":"{{{version}}}","continue":"{{{next}}}"},"items":[{{{string.Join(',', items)}}}]}""";

    /// <summary>The JSON of an event.</summary>
    public static string Event(string type, string item) => $$"""{"type":"{{type}}","object":{{item}}}""";

    /// <summary>The reader as a delegate.</summary>
    public static ResourceReader<TestObject> Reader { get; } = Read;
}

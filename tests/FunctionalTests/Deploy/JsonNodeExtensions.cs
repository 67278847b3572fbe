using System.Text.Json.Nodes;

namespace FunctionalTests.Deploy;

/// <summary>Short ways into an object of the API server.</summary>
internal static class JsonNodeExtensions
{
    public static string Text(this JsonNode node, string key) => node[key]?.ToString() ?? "";

    public static string Name(this JsonNode node, bool inMetadata = true) => (inMetadata ? node["metadata"]! : node).Text("name");

    public static string Space(this JsonNode node) => node["metadata"]!.Text("namespace");

    public static IEnumerable<JsonNode> Items(this JsonNode? node, string key) => (node?[key] as JsonArray ?? []).Select(item => item!);

    public static IEnumerable<string> Texts(this JsonNode? node, string key) => node.Items(key).Select(item => item.ToString());

    /// <summary>A copy without some keys.</summary>
    public static JsonObject Without(this JsonNode node, params string[] keys)
    {
        JsonObject copy = node.DeepClone().AsObject();
        foreach (string key in keys)
        {
            copy.Remove(key);
        }

        return copy;
    }
}

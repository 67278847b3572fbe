using System.Text.Json.Nodes;

namespace FunctionalTests.Deploy;

/// <summary>A workload's pods: labels, containers and what they refer to.</summary>
internal sealed class PodTemplate(string workload, JsonNode template)
{
    public string Workload => workload;

    public JsonNode? Annotations => template["metadata"]?["annotations"];

    public JsonNode Spec => template["spec"]!;

    /// <summary>All containers, sidecars included.</summary>
    public IEnumerable<JsonNode> Containers => Spec.Items("initContainers").Concat(Spec.Items("containers"));

    public string Label(string name) => template["metadata"]?["labels"]?.Text(name) ?? "";

    public JsonNode? Container(string name) => Containers.FirstOrDefault(container => container.Name(inMetadata: false) == name);

    /// <summary>Whether a selector's labels are all among the pods'.</summary>
    public bool Matches(JsonNode? labels) =>
        labels is JsonObject wanted && wanted.Count > 0
            && wanted.All(label => template["metadata"]?["labels"]?[label.Key]?.GetValue<string>() == label.Value!.GetValue<string>());

    /// <summary>Whether a container has a port of that name or number.</summary>
    public bool HasPort(JsonNode port) =>
        Containers.SelectMany(container => container.Items("ports")).Any(open => Same(open["name"], port) || Same(open["containerPort"], port));

    private static bool Same(JsonNode? left, JsonNode right) => left is not null && left.ToString() == right.ToString();
}

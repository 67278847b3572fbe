using System.Text.Json.Nodes;

namespace FunctionalTests.Deploy;

/// <summary>The objects that a kustomization makes, as the API server would store them.</summary>
internal sealed class Rendering(IReadOnlyList<JsonNode> objects)
{
    private static readonly string[] WorkloadKinds = ["Deployment", "StatefulSet", "DaemonSet"];

    public IReadOnlyList<JsonNode> Objects => objects;

    /// <summary>The pod templates of all workloads.</summary>
    public IEnumerable<PodTemplate> Pods =>
        objects.Where(item => WorkloadKinds.Contains(item.Text("kind"))).Select(item => new PodTemplate(item.Name(), item["spec"]!["template"]!));

    public IEnumerable<JsonNode> OfKind(string kind) => objects.Where(item => item.Text("kind") == kind);

    public JsonNode Single(string kind, string name) => Assert.Single(OfKind(kind), item => item.Name() == name);

    public bool Has(string kind, string name) => OfKind(kind).Any(item => item.Name() == name);
}

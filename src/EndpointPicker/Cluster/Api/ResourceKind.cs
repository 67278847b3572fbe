namespace EndpointPicker.Cluster.Api;

/// <summary>A kind of namespaced objects that an API server serves.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">The version, such as <c>v1</c>.</param>
/// <param name="Plural">The kind's name in paths, such as <c>pods</c>.</param>
internal sealed record ResourceKind(string Group, string Version, string Plural)
{
    /// <summary>The path of a namespace's objects.</summary>
    public string Path(string space) =>
        $"{(Group.Length == 0 ? "/api" : "/apis/" + Group)}/{Version}/namespaces/{Uri.EscapeDataString(space)}/{Plural}";

    /// <summary>The path of one object.</summary>
    public string Path(string space, string name) => $"{Path(space)}/{Uri.EscapeDataString(name)}";

    /// <summary>The kind as kubectl names it, such as <c>pods</c> or <c>inferencepools.inference.networking.k8s.io</c>.</summary>
    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}

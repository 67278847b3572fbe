using System.Net;

namespace EndpointPicker.Core.Endpoints;

/// <summary>What discovery knows of one endpoint: its identity, where it serves and its labels.</summary>
/// <param name="Namespace">The namespace; <c>default</c> where the source has none.</param>
/// <param name="Name">The name, unique in its namespace.</param>
/// <param name="Address">Where it serves requests.</param>
/// <param name="Labels">Labels, as filters and engine selection read them.</param>
public sealed record EndpointDescription(string Namespace, string Name, IPEndPoint Address, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>Where its metrics are; <see langword="null"/> means <see cref="Address"/>.</summary>
    public IPEndPoint? MetricsAddress { get; init; }

    /// <summary>The data-parallel rank, 0 where there is only one.</summary>
    public int Rank { get; init; }

    /// <summary>Tells a successor of the same name and addresses apart, as a pod's UID does; empty where the source knows of none.</summary>
    public string Incarnation { get; init; } = "";
}

namespace EndpointPicker.Cluster.Api;

/// <summary>What a list came to.</summary>
/// <typeparam name="T">The objects.</typeparam>
/// <param name="Items">All objects; none where the list was refused.</param>
/// <param name="Version">The version that they were listed at.</param>
/// <param name="Refusal">The refusal; <see langword="null"/> where the list is whole.</param>
internal sealed record ResourceList<T>(IReadOnlyList<T> Items, string Version, ApiAnswer? Refusal = null);

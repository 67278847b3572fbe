namespace EndpointPicker.Hosting.Metrics;

/// <summary>A deprecated family that repeats a current one under another name, with fewer or renamed labels.</summary>
/// <param name="Name">The deprecated name.</param>
/// <param name="Labels">Its labels: the deprecated label's name and the current label that it takes its value from.</param>
/// <param name="Marked">Whether its help text names the family that replaces it.</param>
internal sealed record LegacyTwin(string Name, IReadOnlyList<(string Name, string From)> Labels, bool Marked = true);

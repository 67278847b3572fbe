namespace ModelServerSimulator.Http;

/// <summary>What answers a path; other methods than <paramref name="Methods"/> are refused with the first as the one allowed.</summary>
internal sealed record ServedPath(string Path, IReadOnlyList<string> Methods, RequestDelegate Handler)
{
    /// <summary>Whether faults of generations befall it.</summary>
    public bool IsGeneration { get; init; }

    /// <summary>Whether no fault befalls it.</summary>
    public bool IsSafe { get; init; }
}

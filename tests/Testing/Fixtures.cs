namespace Testing;

/// <summary>
/// Captures of real counterparts, which stand outside the repository: in the folder that <c>EPP_FIXTURES</c> names, else in
/// <c>../shared/fixtures</c> beside the checkout.
/// </summary>
public static class Fixtures
{
    /// <summary>The fixtures' folder; <see langword="null"/> where there is none.</summary>
    public static string? Root { get; } = Find();

    /// <summary>The full path of a fixture.</summary>
    /// <param name="parts">The path below the fixtures' folder.</param>
    /// <returns>The path; the test is skipped where there are no fixtures, and fails for that in CI.</returns>
    public static string Require(params string[] parts)
    {
        if (Root is null)
        {
            Requirement.Missing("no fixtures: set EPP_FIXTURES to their folder");
        }

        return Path.Combine([Root!, .. parts]);
    }

    private static string? Find()
    {
        string folder = Environment.GetEnvironmentVariable("EPP_FIXTURES") is { Length: > 0 } named
            ? named
            : Path.Combine(RepositoryRoot.Path, "..", "shared", "fixtures");
        return Directory.Exists(folder) ? Path.GetFullPath(folder) : null;
    }
}

namespace FunctionalTests.Observability;

/// <summary>A shipped file that is made from another; <c>EPP_WRITE_DOCS=1</c> writes it instead of comparing.</summary>
internal static class ShippedFile
{
    /// <summary>Fails where the file is not what it is made from.</summary>
    /// <param name="name">The path in <c>deploy/observability</c>.</param>
    /// <param name="expected">All of its text.</param>
    public static void Expect(string name, string expected)
    {
        string path = Path.Combine(Dashboard.Folder, name);
        if (Environment.GetEnvironmentVariable("EPP_WRITE_DOCS") == "1")
        {
            File.WriteAllText(path, expected);
        }

        Assert.True(File.Exists(path) && File.ReadAllText(path) == expected, $"deploy/observability/{name} is behind what it is made from: run this test with EPP_WRITE_DOCS=1");
    }
}

using Testing;

namespace FunctionalTests.Harness;

/// <summary>The programs that the solution's build has made, in the same configuration as the tests.</summary>
internal static class BuiltPrograms
{
    /// <summary>The picker: <c>EPP_PATH</c> where that is set, else the build's.</summary>
    public static string Epp { get; } = Environment.GetEnvironmentVariable("EPP_PATH") is { Length: > 0 } path ? path : Find("EndpointPicker", "epp");

    public static string Simulator { get; } = Find("ModelServerSimulator", "model-server-sim");

    public static string Demo { get; } = Find("EndpointPicker.Demo", "EndpointPicker.Demo");

    private static string Find(string project, string program)
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name.Split('_')[0];
        string folder = Path.Combine(RepositoryRoot.Path, "artifacts", "bin", project);
        string? found = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, program, SearchOption.AllDirectories)
                .FirstOrDefault(file => new DirectoryInfo(Path.GetDirectoryName(file)!).Name.Split('_')[0] == configuration)
            : null;
        return found ?? throw new InvalidOperationException($"{program} is not built below {folder}: build the solution first.");
    }
}

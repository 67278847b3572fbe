using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Process;

/// <summary>A run of the picker that is expected to end by itself, with files of its own.</summary>
internal sealed class Run : IDisposable
{
    private static readonly string[] PortFlags = ["--grpc-port", "--grpc-health-port", "--metrics-port"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("epp-run-");

    /// <summary>Writes a file.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Runs the picker to its end, with any free ports unless the arguments say otherwise.</summary>
    /// <returns>The exit code, and all that it has printed.</returns>
    public static async Task<(int ExitCode, string Output)> ToEndAsync(params string[] arguments)
    {
        await using ChildProcess process = ChildProcess.Start(BuiltPrograms.Epp, [.. Ports(arguments), .. arguments]);
        int exit = await process.Exited.DefaultTimeout();
        return (exit, process.Output);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static IEnumerable<string> Ports(string[] arguments) =>
        PortFlags
            .Where(flag => !Array.Exists(arguments, argument => argument.StartsWith(flag, StringComparison.Ordinal)))
            .Select(flag => flag + "=0");
}

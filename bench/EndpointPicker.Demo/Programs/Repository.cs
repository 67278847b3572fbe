using System.Diagnostics;

namespace EndpointPicker.Demo.Programs;

/// <summary>The checkout that the demo runs from: its programs, built on demand, and its files.</summary>
internal sealed class Repository
{
    private Repository(string root) => Root = root;

    public string Root { get; }

    public static Repository Find()
    {
        foreach (string start in (string[])[AppContext.BaseDirectory, Environment.CurrentDirectory])
        {
            for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "EndpointPicker.sln")))
                {
                    return new Repository(folder.FullName);
                }
            }
        }

        throw new StartFailedException("The demo builds its programs from source: run it from a checkout.");
    }

    public string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Publishes a project and returns the path of its program.</summary>
    public async Task<string> BuildAsync(string project, string program, bool build, CancellationToken cancellationToken)
    {
        string folder = PathOf("artifacts", "demo", program);
        string path = Path.Combine(folder, program);
        if (!build && File.Exists(path))
        {
            return path;
        }

        var start = new ProcessStartInfo("dotnet", ["publish", PathOf("src", project), "-c", "Release", "-o", folder, "--nologo", "-v", "quiet"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
            string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? path : throw new StartFailedException($"{project} does not build:\n{output}{await errors}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}

using System.Diagnostics;

namespace EndpointPicker.Demo.Programs;

/// <summary>Finds an Envoy.</summary>
internal static class EnvoyBinary
{
    /// <summary><c>ENVOY_PATH</c>, else the PATH, else the tools beside the checkout; null where there is none.</summary>
    public static string? Find(Repository repository)
    {
        if (Environment.GetEnvironmentVariable("ENVOY_PATH") is { Length: > 0 } named)
        {
            return File.Exists(named) ? named : throw new StartFailedException($"ENVOY_PATH names {named}, which is not there");
        }

        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            string candidate = Path.Combine(folder, "envoy");
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        string install = repository.PathOf("..", "shared", "tools", "envoy", "install");
        return File.Exists(install) ? Install(install) : null;
    }

    private static string? Install(string install)
    {
        using Process process = Process.Start(new ProcessStartInfo(install) { RedirectStandardOutput = true })!;
        string path = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 && File.Exists(path) ? path : null;
    }
}

using System.Diagnostics;
using System.Globalization;

namespace EndpointPicker.Demo.Programs;

/// <summary>Finds an Envoy and writes its bootstrap from the one that the repository offers to users.</summary>
internal static class EnvoyProgram
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

    /// <summary>The override_host bootstrap with this run's ports; <paramref name="modelServers"/> are three.</summary>
    public static string Bootstrap(Repository repository, int listener, int picker, IReadOnlyList<int> modelServers)
    {
        string text = File.ReadAllText(repository.PathOf("deploy", "envoy", "override-host.yaml"));
        text = Replace(text, 9901, 0);
        text = Replace(text, 10000, listener);
        text = Replace(text, 9002, picker);
        for (int i = 0; i < modelServers.Count; i++)
        {
            text = Replace(text, 8001 + i, modelServers[i]);
        }

        return text;
    }

    private static string Replace(string text, int from, int to)
    {
        string port = string.Create(CultureInfo.InvariantCulture, $"port_value: {from} ");
        return text.Contains(port, StringComparison.Ordinal)
            ? text.Replace(port, string.Create(CultureInfo.InvariantCulture, $"port_value: {to} "), StringComparison.Ordinal)
            : throw new StartFailedException($"deploy/envoy/override-host.yaml has no \"{port}\"");
    }

    private static string? Install(string install)
    {
        using Process process = Process.Start(new ProcessStartInfo(install) { RedirectStandardOutput = true })!;
        string path = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 && File.Exists(path) ? path : null;
    }
}

using System.Diagnostics;

namespace Testing;

/// <summary>Programs that tests drive, found by an environment variable, on the PATH, or in the tools beside the checkout.</summary>
public static class Tools
{
    private static readonly Lazy<string?> EnvoyPath = new(() => Find("ENVOY_PATH", "envoy"));
    private static readonly Lazy<string?> PromtoolPath = new(() => Find("PROMTOOL_PATH", "promtool"));
    private static readonly Lazy<string?> ChromiumPath = new(() => Find("CHROMIUM_PATH", "chromium"));
    private static readonly Lazy<string?> ExtProcLoadPath = new(() => Find("EXTPROCLOAD_PATH", "extprocload"));
    private static readonly Lazy<string?> TestApiPath = new(() => Find("TESTAPI_PATH", "testapi"));
    private static readonly Lazy<string?> KubectlPath = new(() => Find("KUBECTL_PATH", "kubectl"));

    /// <summary>The path of Prometheus' own checker; the test is skipped where there is none, and fails for that in CI.</summary>
    /// <returns>The path.</returns>
    public static string RequirePromtool() => Require(PromtoolPath.Value, "promtool (apt-get install prometheus)", "PROMTOOL_PATH");

    /// <summary>The path of Envoy; the test is skipped where there is none, and fails for that in CI.</summary>
    /// <returns>The path.</returns>
    public static string RequireEnvoy() => Require(EnvoyPath.Value, "Envoy", "ENVOY_PATH");

    /// <summary>The path of a browser; the test is skipped where there is none, and fails for that in CI.</summary>
    /// <returns>The path.</returns>
    public static string RequireChromium() => Require(ChromiumPath.Value, "chromium (apt-get install chromium)", "CHROMIUM_PATH");

    /// <summary>The path of the load driver; the test is skipped where there is none, and fails for that in CI.</summary>
    /// <returns>The path.</returns>
    public static string RequireExtProcLoad() => Require(ExtProcLoadPath.Value, "extprocload", "EXTPROCLOAD_PATH");

    /// <summary>The path of a real API server for tests; the test is skipped where there is none, and fails for that in CI.</summary>
    /// <returns>The path.</returns>
    public static string RequireTestApi() => Require(TestApiPath.Value, "testapi", "TESTAPI_PATH");

    /// <summary>The path of kubectl; the test is skipped where there is none, and fails for that in CI.</summary>
    /// <returns>The path.</returns>
    public static string RequireKubectl() => Require(KubectlPath.Value, "kubectl", "KUBECTL_PATH");

    private static string Require(string? path, string name, string variable)
    {
        if (path is null)
        {
            Requirement.Missing($"no {name}: set {variable} to its path, or put it on the PATH");
        }

        return path!;
    }

    private static string? Find(string variable, string name)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named)
        {
            return File.Exists(named) ? named : null;
        }

        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            string candidate = Path.Combine(folder, name);
            if (folder.Length > 0 && File.Exists(candidate))
            {
                return candidate;
            }
        }

        string install = Path.Combine(RepositoryRoot.Path, "..", "shared", "tools", name, "install");
        return File.Exists(install) ? Unpack(install) : null;
    }

    private static string? Unpack(string install)
    {
        using Process process = Process.Start(new ProcessStartInfo(install) { RedirectStandardOutput = true })!;
        string path = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 && File.Exists(path) ? path : null;
    }
}

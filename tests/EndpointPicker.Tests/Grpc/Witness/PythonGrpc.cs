using System.Diagnostics;
using Testing;

namespace EndpointPicker.Tests.Grpc.Witness;

/// <summary>A Python that has gRPC (Debian's python3-grpcio): PYTHON_PATH, else /usr/bin/python3.</summary>
internal static class PythonGrpc
{
    private static readonly Lazy<string?> Found = new(Find);

    /// <summary>The interpreter's path; the test is skipped where there is none, and fails for that in CI.</summary>
    public static string Require()
    {
        if (Found.Value is null)
        {
            Requirement.Missing("no Python with gRPC: apt-get install python3-grpcio, or set PYTHON_PATH");
        }

        return Found.Value!;
    }

    private static string? Find()
    {
        string path = Environment.GetEnvironmentVariable("PYTHON_PATH") is { Length: > 0 } named ? named : "/usr/bin/python3";
        if (!File.Exists(path))
        {
            return null;
        }

        using Process process = Process.Start(new ProcessStartInfo(path, ["-c", "import grpc"]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? path : null;
    }
}

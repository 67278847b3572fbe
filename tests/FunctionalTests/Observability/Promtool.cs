using System.Diagnostics;
using Testing;

namespace FunctionalTests.Observability;

/// <summary>Prometheus' own checker.</summary>
internal static class Promtool
{
    /// <summary>Runs it; the test fails with its output where it is not content.</summary>
    public static async Task AcceptsAsync(params string[] arguments)
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(
            new ProcessStartInfo(Tools.RequirePromtool(), arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).DefaultTimeout();
        Assert.True(process.ExitCode == 0, await output + await errors);
    }
}

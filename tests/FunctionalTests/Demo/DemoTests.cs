using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Demo;

/// <summary>A newcomer's first command, with the programs that the build has made.</summary>
public sealed partial class DemoTests
{
    [Fact]
    public Task Run_WithEnvoy_ServesAllAndSaysWhy() => ServeAsync(Tools.RequireEnvoy(), "Envoy (");

    [Fact]
    public Task Run_WithoutEnvoy_ServesAllAndNamesItsOwnGateway() => ServeAsync(null, "the built-in one", "--gateway");

    [Fact]
    public async Task Interrupt_WhileTrafficFlows_EndsAllThatWasStarted()
    {
        await using ChildProcess demo = Start(null, "60s", "--gateway");
        await demo.WaitForLineAsync(line => line.Contains("in flight", StringComparison.Ordinal));
        demo.Interrupt();
        Assert.Equal(0, await demo.Exited.DefaultTimeout());
        Assert.Contains("Whole run", demo.Output, StringComparison.Ordinal);
        await AssertNothingListensAsync(demo.Output);
    }

    private static async Task ServeAsync(string? envoy, string gateway, params string[] arguments)
    {
        await using ChildProcess demo = Start(envoy, "3s", arguments);
        int code = await demo.Exited.DefaultTimeout();
        Assert.True(code == 0, demo.Output);
        Match run = WholeRun().Match(demo.Output);
        Assert.True(run.Success, demo.Output);
        Assert.StartsWith(gateway, run.Groups["gateway"].Value, StringComparison.Ordinal);
        Assert.Equal("0", run.Groups["failed"].Value);
        int[] requests = [.. PodLine().Matches(demo.Output[run.Index..]).Select(match => int.Parse(match.Groups["requests"].Value, CultureInfo.InvariantCulture))];
        Assert.Equal(3, requests.Length);
        Assert.Equal(int.Parse(run.Groups["served"].Value, CultureInfo.InvariantCulture), requests.Sum());
        Assert.InRange(requests.Sum(), 1, int.MaxValue);
        Assert.Matches(Reason(), demo.Output);
        await AssertNothingListensAsync(demo.Output);
    }

    private static ChildProcess Start(string? envoy, string duration, params string[] arguments) => ChildProcess.Start(
        BuiltPrograms.Demo,
        ["--epp", BuiltPrograms.Epp, "--sim", BuiltPrograms.Simulator, "--duration", duration, .. arguments],
        new Dictionary<string, string> { ["ENVOY_PATH"] = envoy ?? "" });

    private static async Task AssertNothingListensAsync(string output)
    {
        string[] ports = [.. Listener().Matches(output).Select(match => match.Groups["port"].Value).Distinct()];
        Assert.InRange(ports.Length, 5, int.MaxValue);
        foreach (string port in ports)
        {
            using TcpClient client = new();
            SocketException refused = await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync("127.0.0.1", int.Parse(port, CultureInfo.InvariantCulture)));
            Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        }
    }

    [GeneratedRegex(@"^Whole run, through (?<gateway>.+): (?<served>\d+) requests served, (?<failed>\d+) failed$", RegexOptions.Multiline)]
    private static partial Regex WholeRun();

    [GeneratedRegex(@"^  pod-[abc] +(?<requests>\d+) +\d+%", RegexOptions.Multiline)]
    private static partial Regex PodLine();

    [GeneratedRegex(@"-> pod-[abc]  \d+\.\d\d ahead of pod-[abc] \d+\.\d\d")]
    private static partial Regex Reason();

    [GeneratedRegex(@"127\.0\.0\.1:(?<port>\d+)")]
    private static partial Regex Listener();
}

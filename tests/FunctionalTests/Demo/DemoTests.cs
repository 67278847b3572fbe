using System.Globalization;
using System.Text.RegularExpressions;
using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Demo;

/// <summary>A newcomer's first command, with the programs that the build has made.</summary>
public sealed partial class DemoTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("demo-test-").FullName;

    // In the environment of the demo, and so of all that it starts. A port tells nothing: a moment later it may be somebody else's.
    private readonly string _mark = Guid.NewGuid().ToString("N");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public Task Run_WithEnvoy_SendsBothSidesTheSameAndSaysWhy() => CompareAsync(Tools.RequireEnvoy(), "Envoy", "--duration", "4s");

    [Fact]
    public Task Run_WithoutEnvoy_SendsBothSidesTheSameAndNamesItsOwnGateway() => CompareAsync(null, "the built-in gateway", "--gateway", "--duration", "4s");

    [Fact]
    public async Task Run_OpenLoopTrace_SendsEveryRequestToBoth()
    {
        string trace = Trace(Enumerable.Range(0, 12).Select(i => $$"""{"timestamp": {{i / 6 * 3000}}, "input_length": 1100, "output_length": 4, "hash_ids": [{{i % 2}}, 7, {{100 + i}}]}"""));

        string output = await CompareAsync(null, "the built-in gateway", "--gateway", "--trace", trace, "--speed", "3");

        Assert.Equal([12, 12], Row(output, "requests sent"));
        Assert.Contains("Mooncake trace", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ClosedLoopTrace_EverySessionIsServedToItsEnd()
    {
        string trace = Trace(Enumerable.Range(0, 9).Select(i =>
            $$"""{"timestamp": {{i * 100_000}}, "input": "{{string.Concat(Enumerable.Repeat($"session {i % 3} ", 20 * ((i / 3) + 1)))}}", "output": "a few words", "session_id": "{{i % 3}}"}"""));

        string output = await CompareAsync(null, "the built-in gateway", "--gateway", "--trace", trace);

        Assert.Equal([9, 9], Row(output, "answered"));
        Assert.Contains("9 requests of 3 sessions", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_BadTrace_IsRefusedBeforeAnythingStarts()
    {
        string trace = Trace(["""{"timestamp": 0, "input_length": 512, "output_length": 4, "hash_ids": [1]}""", "{"]);
        await using ChildProcess demo = Start(null, "--gateway", "--trace", trace);

        Assert.Equal(2, await demo.Exited.DefaultTimeout());

        Assert.Contains($"demo: {trace}:2: this is not JSON; expected {{\"timestamp\": ms", demo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", demo.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupt_WhileTrafficFlows_SaysWhatThereIsAndEndsAllThatWasStarted()
    {
        await using ChildProcess demo = Start(null, "--gateway");
        await demo.WaitForLineAsync(line => line.Contains("under way", StringComparison.Ordinal));

        Assert.True(Marked().Length > 1, "nothing was started");
        demo.Interrupt();

        Assert.Equal(130, await demo.Exited.DefaultTimeout());
        Assert.Contains("requests sent", demo.Output, StringComparison.Ordinal);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task Interrupt_WhileItStarts_EndsAllThatWasStarted()
    {
        await using ChildProcess demo = Start(null, "--gateway");
        await demo.WaitForLineAsync(line => line.StartsWith("model servers: ", StringComparison.Ordinal));

        Assert.True(Marked().Length > 1, "nothing was started");
        demo.Interrupt();

        Assert.Equal(130, await demo.Exited.DefaultTimeout());
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task Keep_AfterTheTraffic_StaysUpUntilInterrupted()
    {
        await using ChildProcess demo = Start(null, "--gateway", "--duration", "1s", "--keep");
        string line = await demo.WaitForLineAsync(line => line.StartsWith("still up: ", StringComparison.Ordinal));
        using (var client = new HttpClient())
        {
            string entrance = Listener().Matches(line)[^1].Value;
            using HttpResponseMessage models = await client.GetAsync(new Uri($"http://{entrance}/v1/models"), TestContext.Current.CancellationToken).DefaultTimeout();
            Assert.True(models.IsSuccessStatusCode);
        }

        Assert.True(Marked().Length > 1, "nothing is up");
        demo.Interrupt();

        Assert.Equal(0, await demo.Exited.DefaultTimeout());
        AssertNothingIsLeft();
    }

    private async Task<string> CompareAsync(string? envoy, string gateway, params string[] arguments)
    {
        await using ChildProcess demo = Start(envoy, arguments);
        int code = await demo.Exited.DefaultTimeout();
        string output = demo.Output;
        Assert.True(code == 0, output);
        Assert.Contains($"The whole run through {gateway}", output, StringComparison.Ordinal);
        int[] sent = Row(output, "requests sent");
        Assert.InRange(sent[0], 1, int.MaxValue);
        Assert.Equal(sent[0], sent[1]);
        Assert.Equal(sent, Row(output, "answered"));
        Assert.Equal([0, 0], Row(output, "failed"));
        Assert.Matches(Conclusion(), output);
        Assert.Matches(Reason(), output);
        Assert.Matches(Board(), output);
        AssertNothingIsLeft();
        return output;
    }

    private ChildProcess Start(string? envoy, params string[] arguments) => ChildProcess.Start(
        BuiltPrograms.Demo,
        ["--epp", BuiltPrograms.Epp, "--sim", BuiltPrograms.Simulator, "--pods", "2", .. arguments],
        new Dictionary<string, string> { ["ENVOY_PATH"] = envoy ?? "", ["DEMO_TEST"] = _mark });

    private static int[] Row(string output, string name)
    {
        Match row = Regex.Match(output, $@"^  {name} +(\S+) +(\S+)", RegexOptions.Multiline);
        Assert.True(row.Success, output);
        return [.. row.Groups.Values.Skip(1).Select(value => int.Parse(value.Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture))];
    }

    private void AssertNothingIsLeft() => Assert.Empty(Marked());

    private string[] Marked() => [.. Directory.EnumerateDirectories("/proc").Where(process => char.IsAsciiDigit(Path.GetFileName(process)[0]) && IsMarked(process))];

    private bool IsMarked(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "environ")).Contains(_mark, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Ended meanwhile, or another user's.
            return false;
        }
    }

    private string Trace(IEnumerable<string> lines)
    {
        string path = Path.Combine(_folder, "trace.jsonl");
        File.WriteAllLines(path, lines);
        return path;
    }

    [GeneratedRegex(@"^(The picker's first tokens come|Round robin is ahead here)", RegexOptions.Multiline)]
    private static partial Regex Conclusion();

    [GeneratedRegex(@"-> pod-[12] ")]
    private static partial Regex Reason();

    [GeneratedRegex(@"board http://127\.0\.0\.1:\d+/board")]
    private static partial Regex Board();

    [GeneratedRegex(@"127\.0\.0\.1:(?<port>\d+)")]
    private static partial Regex Listener();
}

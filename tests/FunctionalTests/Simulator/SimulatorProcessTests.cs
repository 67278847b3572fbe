using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Simulator;

/// <summary>The model-server simulator as a program: its arguments, what it prints, and its end.</summary>
public sealed class SimulatorProcessTests
{
    private const string Listening = "listening on ";

    [Fact]
    public async Task Terminated_TwoRanks_EachHasServedAndTheProcessEndsWithSuccess()
    {
        await using ChildProcess simulator = ChildProcess.Start(BuiltPrograms.Simulator, ["--port=0", "--data-parallel-size=2"]);
        string first = await simulator.WaitForLineAsync(IsListening);
        string second = await simulator.WaitForLineAsync(line => IsListening(line) && line != first);
        using var client = new HttpClient();
        string[] pages = [await PageAsync(client, first), await PageAsync(client, second)];

        Assert.Contains("vllm:num_requests_running{engine=\"0\"", pages[0], StringComparison.Ordinal);
        Assert.Contains("vllm:num_requests_running{engine=\"1\"", pages[1], StringComparison.Ordinal);
        simulator.Terminate();
        Assert.Equal(0, await simulator.Exited.DefaultTimeout());
    }

    [Fact]
    public async Task Start_Misspelt_EndsWithTwoAndSaysWhatWasMeant()
    {
        await using ChildProcess simulator = ChildProcess.Start(BuiltPrograms.Simulator, ["--max-num-seq=4"]);

        Assert.Equal(2, await simulator.Exited.DefaultTimeout());
        Assert.Equal("model-server-sim: unknown option --max-num-seq; did you mean --max-num-seqs?\n--help lists the options", simulator.Output);
    }

    [Fact]
    public async Task Start_PortInUse_EndsWithOneAndNamesThePort()
    {
        await using ChildProcess holder = ChildProcess.Start(BuiltPrograms.Simulator, ["--port=0"]);
        int port = new Uri((await holder.WaitForLineAsync(IsListening))[Listening.Length..]).Port;
        await using ChildProcess simulator = ChildProcess.Start(BuiltPrograms.Simulator, [$"--port={port}"]);

        Assert.Equal(1, await simulator.Exited.DefaultTimeout());
        Assert.Contains($"{port}", simulator.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", simulator.Output, StringComparison.Ordinal);
    }

    private static bool IsListening(string line) => line.StartsWith(Listening, StringComparison.Ordinal);

    private static async Task<string> PageAsync(HttpClient client, string line) =>
        await client.GetStringAsync(new Uri(new Uri(line[Listening.Length..]), "/metrics"), TestContext.Current.CancellationToken).DefaultTimeout();
}

using EndpointPicker.Demo.Programs;
using EndpointPicker.Demo.Screen;
using EndpointPicker.Demo.Traces;
using EndpointPicker.Demo.Traffic;

namespace EndpointPicker.Demo;

/// <summary>The demo from start to end: chain, traffic, summary, and nothing left running.</summary>
internal static class DemoRun
{
    // Ctrl-C in a terminal reaches the programs too, and what they do may be seen before the signal is.
    private static readonly TimeSpan SignalSpread = TimeSpan.FromMilliseconds(300);

    public static async Task<int> RunAsync(DemoOptions options, CancellationToken cancellationToken)
    {
        using var terminal = new Terminal();
        await using var chain = new Chain();
        try
        {
            return await CompareAsync(options, chain, terminal, cancellationToken);
        }
        catch (TraceException problem)
        {
            await Console.Error.WriteLineAsync($"demo: {problem.Message}");
            return ExitCode.Usage;
        }
        catch (StartFailedException failure)
        {
            await Task.WhenAny(WaitForEndAsync(cancellationToken), Task.Delay(SignalSpread, CancellationToken.None));
            if (!cancellationToken.IsCancellationRequested)
            {
                terminal.Dispose();
                await Console.Error.WriteLineAsync($"demo: {failure.Message}");
                return ExitCode.Failed;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Said below.
        }
        catch
        {
            // An unhandled exception ends the process without the programs that it started.
            await chain.DisposeAsync();
            throw;
        }

        terminal.Say("stopped");
        return ExitCode.Interrupted;
    }

    private static async Task<int> CompareAsync(DemoOptions options, Chain chain, Terminal terminal, CancellationToken cancellationToken)
    {
        Workload workload = options.Trace is { } trace ? TraceFile.Read(trace, options.Speed) : MixedTraffic.Create(options.Rate);
        ServerShape shape = options.Server ?? (workload.LongestContext <= ServerShape.Small.MaxModelLength ? ServerShape.Small : ServerShape.Large);
        await chain.StartAsync(Repository.Find(), options, shape, terminal.Say, cancellationToken);
        terminal.Say($"traffic: {workload.Description}");
        if (workload.LongestContext > shape.MaxModelLength)
        {
            terminal.Say($"left out: requests of more than {shape.MaxModelLength:N0} tokens, which the servers would refuse");
            workload = workload.Within(shape.MaxModelLength);
        }

        string same = workload.IsClosedLoop ? "the same sessions from the same moments, each side at its own pace" : "the same requests at the same moments";
        terminal.Say($"both sides: {same}, the same gateway, {options.Pods} servers each, every one like {shape.Description} with one LoRA slot (vLLM's default)\n");

        using var contest = new Contest(options, chain, $"{workload.Description}; {options.Pods} servers each: {shape.Description}");
        await contest.RunAsync(workload, terminal, cancellationToken);
        contest.Summarize(terminal);
        if (!options.Keep || cancellationToken.IsCancellationRequested)
        {
            return cancellationToken.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
        }

        terminal.Say($"\nstill up: board {chain.Picker.Board}, requests to {chain.Entrances.Picker} (picker) or {chain.Entrances.RoundRobin} (round robin); Ctrl-C ends");
        await WaitForEndAsync(cancellationToken);
        return ExitCode.Done;
    }

    private static async Task WaitForEndAsync(CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource();
        await using CancellationTokenRegistration registration = cancellationToken.Register(ended.SetResult);
        await ended.Task;
    }
}

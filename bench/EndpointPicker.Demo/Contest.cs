using System.Diagnostics;
using EndpointPicker.Demo.Figures;
using EndpointPicker.Demo.Observed;
using EndpointPicker.Demo.Programs;
using EndpointPicker.Demo.Screen;
using EndpointPicker.Demo.Traffic;

namespace EndpointPicker.Demo;

/// <summary>The same traffic on both sides, watched while it flows and summed up at its end.</summary>
internal sealed class Contest(DemoOptions options, Chain chain, string subtitle) : IDisposable
{
    private const int DecisionsShown = 20;
    private const int DecisionsRepeated = 4;
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(333);
    private static readonly TimeSpan RecentSpan = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan GraceForAnswers = TimeSpan.FromSeconds(30);

    private readonly TrafficSide _picker = new(chain.Entrances.Picker);
    private readonly TrafficSide _roundRobin = new(chain.Entrances.RoundRobin);
    private readonly PodScraper _picked = new(chain.Picked);
    private readonly PodScraper _others = new(chain.RoundRobin);
    private readonly DecisionFeed _decisions = new(chain.Picker.Admin);
    private readonly Dictionary<string, string> _names = chain.Picked.ToDictionary(pod => pod.Endpoint, pod => pod.Name);
    private IReadOnlyList<Decision> _explained = [];
    private TimeSpan _elapsed;

    /// <summary>Sends the traffic and shows it until its end, or until cancelled.</summary>
    public async Task RunAsync(Workload workload, Terminal terminal, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        long start = Stopwatch.GetTimestamp();
        stop.CancelAfter(options.Duration);
        cut.CancelAfter(options.Duration + GraceForAnswers);
        Task traffic = new TrafficDriver([_roundRobin, _picker]).RunAsync(workload.Sessions, stop.Token, cut.Token);
        try
        {
            while (!traffic.IsCompleted)
            {
                terminal.Draw(await LookAsync(Stopwatch.GetElapsedTime(start), cancellationToken));
                await Task.WhenAny(traffic, Task.Delay(Refresh, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
                if (chain.Dead is { } dead)
                {
                    throw dead.Failure("should be running");
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            terminal.Say("stopped");
        }
        finally
        {
            await stop.CancelAsync();
            await cut.CancelAsync();
            await traffic;
            _elapsed = Stopwatch.GetElapsedTime(start);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            // A terminal's Ctrl-C reaches the programs too, and before this: what they dropped then is no failure.
            _picker.ForgetFailures(TimeSpan.FromSeconds(2));
            _roundRobin.ForgetFailures(TimeSpan.FromSeconds(2));
        }
    }

    /// <summary>Says what the whole run came to.</summary>
    public void Summarize(Terminal terminal)
    {
        var comparison = new Comparison(SideFigures.Of(_picker.Sent, Outcomes(_picker)), SideFigures.Of(_roundRobin.Sent, Outcomes(_roundRobin)));
        terminal.Say($"The whole run through {chain.Entrances.Name}: {subtitle}\n");
        foreach (StyledLine line in FinalTable.Lines(comparison, _elapsed))
        {
            terminal.Say(line);
        }

        terminal.Say("");
        terminal.Say(new StyledLine().Add(comparison.Conclusion(), comparison.FirstTokenGain < 1 ? Ink.Worse : Ink.Better));
        terminal.Say("\nWhy, from the picker's last decisions: score of the pick, score of the next best, what put it ahead");
        foreach (Decision decision in _explained.Take(DecisionsRepeated))
        {
            terminal.Say(DecisionList.Line(decision, _names));
        }

        terminal.Say($"\n{(options.Keep ? "" : "With --keep the picker stays up to be looked at: ")}board {chain.Picker.Board}");
    }

    public void Dispose()
    {
        _picker.Dispose();
        _roundRobin.Dispose();
        _picked.Dispose();
        _others.Dispose();
        _decisions.Dispose();
    }

    private async Task<LiveView> LookAsync(TimeSpan elapsed, CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<PodLoad>> others = _others.ScrapeAsync(cancellationToken);
        Task<IReadOnlyList<Decision>> decisions = _decisions.LastAsync(DecisionsShown, cancellationToken);
        IReadOnlyList<PodLoad> picked = await _picked.ScrapeAsync(cancellationToken);
        _explained = await decisions is { Count: > 0 } explained ? explained : _explained;
        return new LiveView(
            elapsed,
            options.Duration,
            RecentSpan,
            subtitle,
            chain.Picker.Board,
            View(_picker, chain.Picked, picked),
            View(_roundRobin, chain.RoundRobin, await others),
            _explained,
            _names);
    }

    private static SideView View(TrafficSide side, IReadOnlyList<Pod> pods, IReadOnlyList<PodLoad> loads)
    {
        IReadOnlyList<FinishedRequest> finished = side.Finished;
        List<RequestOutcome> recent = [.. finished.Where(request => Stopwatch.GetElapsedTime(request.At) < RecentSpan).Select(request => request.Outcome)];
        return new SideView(
            SideFigures.Of(0, recent),
            SideFigures.Of(side.Sent, [.. finished.Select(request => request.Outcome)]),
            PodFigures.Of(pods.Select(pod => pod.Name), recent),
            loads);
    }

    private static List<RequestOutcome> Outcomes(TrafficSide side) => [.. side.Finished.Select(request => request.Outcome)];
}

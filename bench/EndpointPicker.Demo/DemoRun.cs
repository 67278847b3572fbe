using System.Diagnostics;
using System.Globalization;
using EndpointPicker.Demo.Board;
using EndpointPicker.Demo.Programs;
using EndpointPicker.Demo.Traffic;

namespace EndpointPicker.Demo;

/// <summary>The demo from start to end: chain, traffic, board, summary, and nothing left running.</summary>
internal static class DemoRun
{
    private const int DecisionsShown = 8;
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan GraceForAnswers = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(DemoOptions options, CancellationToken cancellationToken)
    {
        var screen = new Screen();
        await using var chain = new Chain();
        try
        {
            await chain.StartAsync(Repository.Find(), options, Screen.Say, cancellationToken);
            Screen.Say(string.Create(CultureInfo.InvariantCulture, $"{options.Rate} requests a second for {options.Duration.TotalSeconds:0} s from 8 tenants. Each has a long system prompt of its own, every other one uses one of two LoRA adapters."));
            Screen.Say("A pod's cache has room for three of the prompts, its only slot for one adapter: it matters where a request goes. Ctrl-C ends.\n");
            await ShowTrafficAsync(options, chain, screen, cancellationToken);
            return 0;
        }
        catch (StartFailedException failure)
        {
            await Console.Error.WriteLineAsync($"demo: {failure.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Screen.Say("\nstopped");
            return 0;
        }
    }

    private static async Task ShowTrafficAsync(DemoOptions options, Chain chain, Screen screen, CancellationToken cancellationToken)
    {
        var tally = new Tally(chain.Pods);
        using var scraper = new PodScraper(chain.Pods);
        using var decisions = new DecisionFeed(chain.Admin);
        using var driver = new TrafficDriver(chain.Entrance, new Workload(), options.Rate, tally.Add);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        long start = Stopwatch.GetTimestamp();
        stop.CancelAfter(options.Duration);
        cut.CancelAfter(options.Duration + GraceForAnswers);
        Task traffic = driver.RunAsync(stop.Token, cut.Token);
        try
        {
            for (bool last = false; !last;)
            {
                last = traffic.IsCompleted;
                IReadOnlyDictionary<string, PodLoad> loads = await scraper.ScrapeAsync(cancellationToken);
                IReadOnlyList<Decision> decided = await decisions.LastAsync(DecisionsShown, cancellationToken);
                TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
                screen.Draw(elapsed, Lines(options, chain, tally, loads, decided, driver.InFlight, elapsed), last);
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
            Screen.Say("\nstopped");
        }
        finally
        {
            await stop.CancelAsync();
            await cut.CancelAsync();
            await traffic;
        }

        if (cancellationToken.IsCancellationRequested)
        {
            // A terminal's Ctrl-C reaches the children too, and before this: what they dropped then is no failure.
            tally.ForgetFailures(GraceForAnswers);
        }

        foreach (string line in Summary(chain, tally))
        {
            Screen.Say(line);
        }
    }

    private static List<string> Lines(
        DemoOptions options, Chain chain, Tally tally, IReadOnlyDictionary<string, PodLoad> loads, IReadOnlyList<Decision> decisions, int inFlight, TimeSpan elapsed)
    {
        IReadOnlyList<RequestOutcome> all = tally.All;
        List<string> lines =
        [
            $"{elapsed.TotalSeconds,3:0} s of {options.Duration.TotalSeconds:0} s   in flight {inFlight}   failed {tally.Failed}   (times: each pod's last {Tally.Recent} answers)",
            .. BoardText.LiveTable(tally.Summaries(loads, recent: true)),
            "",
        ];
        if (decisions.Count > 0)
        {
            return [.. lines, "  the last decisions: the score of the pick, that of the runner-up, and what put it ahead", BoardText.Legend, .. BoardText.Decisions(decisions, chain.Pods)];
        }

        return [.. lines, "  the last answers (this picker does not explain its decisions):", .. BoardText.Outcomes(all.TakeLast(DecisionsShown).Reverse())];
    }

    private static IEnumerable<string> Summary(Chain chain, Tally tally) =>
    [
        "",
        $"Whole run, through {chain.GatewayName}: {tally.All.Count - tally.Failed} requests served, {tally.Failed} failed",
        .. BoardText.Table(tally.Summaries(new Dictionary<string, PodLoad>(), recent: false)),
        "",
        "Where each tenant's requests went:",
        .. BoardText.Tenants(tally.All),
    ];
}

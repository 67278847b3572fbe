using EndpointPicker.Core.Endpoints;
using Testing;

namespace EndpointPicker.Tests.DataLayer;

public class LoraGaugeTests
{
    private readonly ManualTimeProvider _time = new(PageRun.Captured);

    // Times of one process or the sum of two, as fractions of seconds around the captures' time.
    private static double One(double second) => 1795261500 + second;

    private static double Two(double first, double second) => One(first) + One(second);

    [Fact]
    public void Read_OneProcess_TakesTheHighestTime()
    {
        EndpointSignals signals = CreateSut().Read(Page(2, ("", One(3)), ("b , ,a,b", One(5)), ("a", One(4))))!;

        Assert.Equal(["b", "a"], signals.RunningAdapters);
    }

    [Fact]
    public void Read_SumThatWouldStickForEver_GivesWayToWhatMoves()
    {
        PageRun run = CreateSut();
        run.Read(Page(1, ("", Two(1, 2)), ("a", One(50))));
        Step(run, Page(1, ("", Two(1, 2)), ("a", One(51))));
        Assert.Equal(["a"], Step(run, Page(1, ("", Two(1, 2)), ("a", One(52)))).RunningAdapters);

        Assert.Equal(["a", "b"], Step(run, Page(1, ("", Two(1, 2)), ("a", One(52)), ("b", One(53)))).RunningAdapters);
        EndpointSignals later = EndpointSignals.None;
        for (int i = 0; i < 11; i++)
        {
            later = Step(run, Page(1, ("", Two(1, 2)), ("a", One(52)), ("b", One(54 + i))));
        }

        Assert.Equal(["b"], later.RunningAdapters);
    }

    [Fact]
    public void Read_PairOfTwoProcesses_IsSeenThoughItsMeanIsOld()
    {
        PageRun run = CreateSut();
        run.Read(Page(1, ("a", Two(1, 2)), ("", Two(40, 41))));
        Step(run, Page(1, ("a", Two(1, 2)), ("", Two(40, 41))));

        Assert.Equal(["a"], Step(run, Page(1, ("a", Two(1, 60)), ("", Two(40, 41)))).RunningAdapters);
    }

    [Fact]
    public void Read_TwoProcessesWithTheirOwnAdapters_TakesBoth()
    {
        PageRun run = CreateSut();
        run.Read(Page(2, ("", Two(1, 2)), ("a", One(50)), ("b", One(51))));
        Step(run, Page(2, ("", Two(1, 2)), ("a", One(50.1)), ("b", One(51))));
        Step(run, Page(2, ("", Two(1, 2)), ("a", One(50.2)), ("b", One(51))));

        Assert.Equal(["a", "b"], Step(run, Page(2, ("", Two(1, 2)), ("a", One(50.2)), ("b", One(51.1)))).RunningAdapters.Order());
    }

    [Fact]
    public void Read_NothingRunsOrWaits_NoAdapterIsAtWork()
    {
        PageRun run = CreateSut();
        run.Read(Page(1, ("", Two(1, 2)), ("a", One(50))));
        Step(run, Page(1, ("", Two(1, 2)), ("a", One(51))));
        Step(run, Page(1, ("", Two(1, 2)), ("a", One(52))));

        Assert.Empty(Step(run, Page(0, ("", Two(1, 2)), ("a", One(52.01)))).RunningAdapters);
    }

    [Fact]
    public void Read_ServerRestarted_ForgetsTheSums()
    {
        PageRun run = CreateSut();
        run.Read(Page(1, ("", Two(1, 2)), ("a", One(50))));
        Step(run, Page(1, ("", Two(1, 2)), ("a", One(51))));
        Step(run, Page(1, ("", Two(1, 2)), ("a", One(52))));

        Assert.Empty(Step(run, Page(1)).RunningAdapters);
        Assert.Equal(["b"], Step(run, Page(1, ("", One(60)), ("b", One(61)))).RunningAdapters);
    }

    [Fact]
    public void Read_EscapedNames_AreUnescaped()
    {
        EndpointSignals signals = CreateSut().Read(Page(1, ("x\\\"y,\\\\z,\u00e9", One(1))))!;

        Assert.Equal(["x\"y", "\\z", "\u00e9"], signals.RunningAdapters);
    }

    private PageRun CreateSut() => new(time: _time);

    private EndpointSignals Step(PageRun run, string page)
    {
        _time.Advance(TimeSpan.FromMilliseconds(50));
        return run.Read(page)!;
    }

    private static string Page(int running, params (string Names, double Time)[] pairs) =>
        string.Concat(pairs.Select(p => FormattableString.Invariant(
            $"vllm:lora_requests_info{{max_lora=\"2\",running_lora_adapters=\"{p.Names}\",waiting_lora_adapters=\"{p.Names}\"}} {p.Time:R}\n")))
        + $"vllm:num_requests_running {running}\nvllm:num_requests_waiting 0\n";
}

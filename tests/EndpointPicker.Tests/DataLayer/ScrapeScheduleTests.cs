using System.Net;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.DataLayer;
using Microsoft.Extensions.Logging;
using Testing;
using Endpoint = EndpointPicker.Core.Endpoints.Endpoint;

namespace EndpointPicker.Tests.DataLayer;

public class ScrapeScheduleTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);

    private readonly ManualTimeProvider _time = new();
    private readonly EndpointPool _pool = new("pool");
    private readonly ScrapeSchedule _sut;
    private readonly RecordedMetrics _metrics = new();
    private readonly RecordedLog _log = new();
    private readonly ScrapeContext _context;

    public ScrapeScheduleTests()
    {
        _sut = new ScrapeSchedule(_time);
        _context = new ScrapeContext(_time, new Random(3), new DataLayerMetrics(_metrics), _log);
        _pool.Replace([.. Enumerable.Range(0, 50).Select(i => new EndpointDescription("ns", $"pod-{i}", new IPEndPoint(IPAddress.Loopback, 1 + i), new Dictionary<string, string>()))]);
    }

    [Fact]
    public void Tick_NewTarget_IsFetchedAtOnceAndThenAtTheInterval()
    {
        (FakeConnection connection, RecordingPage page) = Add(0);

        Run(TimeSpan.FromMilliseconds(5));
        Assert.Equal(1, connection.Begun);

        Run(TimeSpan.FromSeconds(10));
        Assert.InRange(page.Completed.Count, 190, 210);
        Assert.Equal(0, connection.OverlappingBegins);
    }

    [Fact]
    public void Tick_ManyTargetsThatJoinedTogether_AreSpreadOverTheInterval()
    {
        List<RecordingPage> pages = [.. Enumerable.Range(0, 50).Select(i => Add(i).Page)];

        Run(TimeSpan.FromSeconds(1));

        long[] last = [.. pages.Select(p => p.Completed[^1])];
        Assert.True(last.Distinct().Count() >= 5, "all are scraped in the same few ticks");
    }

    [Fact]
    public void Tick_StalledTarget_DelaysNoOtherAndIsNeverFetchedTwiceAtOnce()
    {
        (FakeConnection stalled, RecordingPage stalledPage) = Add(0);
        stalled.Outcome = null;
        (_, RecordingPage healthy) = Add(1);

        Run(TimeSpan.FromMilliseconds(995));
        Assert.Equal(1, stalled.Begun);
        Assert.Empty(stalledPage.Failures);
        Assert.InRange(healthy.Completed.Count, 18, 22);

        Run(TimeSpan.FromMilliseconds(20));
        Assert.Equal([1], stalledPage.Failures);
        Assert.Equal(1, stalled.Closed);

        Run(TimeSpan.FromSeconds(20));
        Assert.Equal(0, stalled.OverlappingBegins);
        Assert.InRange(healthy.Completed.Count, 395, 425);
    }

    [Fact]
    public void Tick_DeadTarget_IsLeftAloneLongerUpToTheBound()
    {
        (FakeConnection dead, RecordingPage page) = Add(0);
        dead.Outcome = FetchError.Unreachable;

        Run(TimeSpan.FromSeconds(1));
        int early = dead.Begun;
        Assert.InRange(early, 4, 6);

        Run(TimeSpan.FromSeconds(60));
        Assert.InRange(dead.Begun - early, 55, 66);
        Assert.Equal(Enumerable.Range(1, page.Failures.Count), page.Failures);
        Assert.Equal(page.Failures.Count, _metrics.Sum("llm_d_epp_datalayer_poll_errors_total", ("source_type", "recording")));

        dead.Outcome = FetchError.None;
        Run(TimeSpan.FromSeconds(2));
        Assert.InRange(page.Completed.Count, 15, 40);
        Assert.Equal(page.Completed.Count + page.Failures.Count, _metrics.Sum("llm_d_epp_datalayer_polls_total", ("source_type", "recording")));
    }

    [Fact]
    public void Tick_OutageAndRecovery_AreLoggedOnceEach()
    {
        (FakeConnection connection, _) = Add(0);
        Run(TimeSpan.FromSeconds(1));
        connection.Outcome = FetchError.Status;
        Run(TimeSpan.FromSeconds(10));
        connection.Outcome = FetchError.None;
        Run(TimeSpan.FromSeconds(10));

        Assert.Equal(["Unreachable", "Reachable"], _log.Events(LogLevel.Information));
    }

    [Fact]
    public void Tick_SingleFailures_AreNotLoggedAsOutages()
    {
        (FakeConnection connection, _) = Add(0);
        while (connection.Begun < 20)
        {
            connection.Outcome = connection.Begun % 3 == 0 ? FetchError.None : FetchError.Unreachable;
            Run(Tick);
        }

        Assert.NotEmpty(_log.Events(LogLevel.Debug));
        Assert.Empty(_log.Events(LogLevel.Information));
    }

    [Fact]
    public void Tick_PageThatMakesNoSense_CountsAsFailureButNotOfThePoll()
    {
        (_, RecordingPage page) = Add(0);
        page.Sensible = false;

        Run(TimeSpan.FromSeconds(1));

        Assert.InRange(page.Failures.Count, 4, 6);
        Assert.Equal(0, _metrics.Sum("llm_d_epp_datalayer_poll_errors_total"));
    }

    [Fact]
    public void Tick_TargetThatThrows_NeitherStopsTheOthersNorItself()
    {
        (FakeConnection broken, RecordingPage brokenPage) = Add(0);
        (_, RecordingPage healthy) = Add(1);
        broken.Throws = new InvalidOperationException("bug");

        Run(TimeSpan.FromSeconds(2));
        Assert.NotEmpty(_log.Events(LogLevel.Error));
        Assert.InRange(healthy.Completed.Count, 36, 44);

        broken.Throws = null;
        Run(TimeSpan.FromSeconds(3));
        Assert.NotEmpty(brokenPage.Completed);
    }

    [Fact]
    public void Tick_UnwantedPage_IsNotFetchedUntilWanted()
    {
        (FakeConnection connection, RecordingPage page) = Add(0);
        page.IsWanted = false;
        Run(TimeSpan.FromSeconds(1));
        Assert.Equal(0, connection.Begun);

        page.IsWanted = true;
        Run(TimeSpan.FromSeconds(1));
        Assert.InRange(connection.Begun, 18, 22);
    }

    [Fact]
    public void Remove_Endpoint_ClosesItsConnectionsAndFetchesNoMore()
    {
        (FakeConnection connection, _) = Add(0);
        (FakeConnection other, _) = Add(1);
        Run(TimeSpan.FromSeconds(1));
        int begun = connection.Begun;

        _sut.Remove(_pool.Current.Endpoints[0]);
        Run(TimeSpan.FromSeconds(1));

        Assert.Equal(begun, connection.Begun);
        Assert.Equal(1, connection.Closed);
        Assert.True(other.Begun > begun);
        Assert.Equal(1, _sut.Count);
    }

    [Fact]
    public void Tick_ClockStandsStillForMinutes_ResumesWithoutABurst()
    {
        (FakeConnection connection, _) = Add(0);
        Run(TimeSpan.FromSeconds(1));
        int begun = connection.Begun;

        _time.Advance(TimeSpan.FromMinutes(5));
        Run(TimeSpan.FromMilliseconds(500));

        Assert.InRange(connection.Begun - begun, 9, 12);
    }

    private (FakeConnection Connection, RecordingPage Page) Add(int endpoint)
    {
        FakeConnection connection = new();
        RecordingPage page = new();
        ScrapeTiming timing = new(TimeSpan.FromMilliseconds(50).Ticks, TimeSpan.FromSeconds(1).Ticks, TimeSpan.FromSeconds(1).Ticks);
        Endpoint member = _pool.Current.Endpoints[endpoint];
        _sut.Add([new ScrapeTarget(member, page, connection, timing, _context)]);
        return (connection, page);
    }

    private void Run(TimeSpan span)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < span; passed += Tick)
        {
            _time.Advance(Tick);
            _sut.Tick();
        }
    }
}

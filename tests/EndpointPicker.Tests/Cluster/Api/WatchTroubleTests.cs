using EndpointPicker.Cluster.Api;
using EndpointPicker.Tests.DataLayer;
using Microsoft.Extensions.Logging;
using Testing;

namespace EndpointPicker.Tests.Cluster.Api;

/// <summary>What the log and the state say of a trouble, from its beginning until the objects are followed again.</summary>
public sealed class WatchTroubleTests
{
    private static readonly ResourceQuery Query = new(new ResourceKind("", "v1", "things"), "ns");
    private static readonly ResourceQuery Others = new(new ResourceKind("", "v1", "others"), "ns");

    private readonly SkippingTime _time = new() { Holds = true };

    /// <summary>As after a restart: it refuses by several reasons, opens a watch, has forgotten the place, and refuses again.</summary>
    [Fact]
    public async Task Watch_ServerStarts_IsOneTroubleWithOneBeginning()
    {
        await using FakeApi api = await FakeApi.StartAsync();
        DateTimeOffset begin = default;
        SyncPoint end = new();
        api.Watch(context =>
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            begin = _time.GetUtcNow();
            return FakeApi.Status(503, "ServiceUnavailable")(context);
        });
        api.Check(FakeApi.Status(503, "ServiceUnavailable")).Check(FakeApi.Status(403, "Forbidden")).Check(FakeApi.Status(429, "TooManyRequests"));
        api.Watch(api.Open(TestObject.Event("ERROR", FakeApi.StatusJson(410, "Expired"))));
        api.List(FakeApi.Text(TestObject.List(5, ""))).List(FakeApi.Status(403, "Forbidden")).List(FakeApi.Status(429, "TooManyRequests")).List(FakeApi.Text(TestObject.List(60, "")));
        api.Watch(FakeApi.Status(410, "Expired")).Watch(async context =>
        {
            await end.WaitToContinueAsync();
            await api.Open(TestObject.Event("ADDED", TestObject.Json("a", 62)))(context);
        });
        await using WatchRun sut = new(api.Access, Query, _time);

        await end.Reached.DefaultTimeout();
        WatchState state = sut.Watch.State;
        List<string?> before = sut.Log.Events(LogLevel.Information);
        end.Continue();
        await sut.UntilAsync(WatchPhase.Synced);

        Assert.Equal((WatchPhase.Failing, begin), (state.Phase, state.Since));
        Assert.Equal(["Listed"], before);
        Assert.Equal(["ClusterFailing"], sut.Log.Events(LogLevel.Warning));
        Assert.Equal(["Listed", "ClusterRecovered"], sut.Log.Events(LogLevel.Information));
        string seconds = Math.Round((_time.GetUtcNow() - begin).TotalSeconds, 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal([$"What could not be followed of the cluster in namespace ns is followed again, after {seconds} s."], sut.Log.Texts("ClusterRecovered"));
        Assert.Equal(2, sut.Log.Texts("Forgotten").Count);
    }

    [Fact]
    public async Task Watch_OpenedAfterAFailure_CountsOnceItHasHeld()
    {
        await using FakeApi api = await FakeApi.StartAsync();
        SyncPoint opened = new();
        api.Watch(FakeApi.Status(503, "ServiceUnavailable")).Watch(async context =>
        {
            await FakeApi.SendAsync(context);
            await opened.WaitToContinueAsync();
            await api.StayAsync(context);
        });
        await using WatchRun sut = new(api.Access, Query, _time);

        await opened.Reached.DefaultTimeout();
        WatchPhase before = sut.Watch.State.Phase;
        opened.Continue();
        await Polling.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            return Task.FromResult(sut.Watch.State.Phase != WatchPhase.Failing);
        });

        Assert.Equal(WatchPhase.Failing, before);
        Assert.Equal(WatchPhase.Synced, sut.Watch.State.Phase);
        Assert.Equal(["Listed", "ClusterRecovered"], sut.Log.Events(LogLevel.Information));
    }

    [Fact]
    public void Fail_ReasonThatStands_IsToldOnceMore()
    {
        RecordedLog log = new();
        WatchStatus sut = CreateStatus(Query, log, new FaultNotices(_time, log));
        sut.Listed(1);
        sut.Fail(WatchFault.Unreachable("nobody is there"));
        DateTimeOffset since = sut.State.Since;
        for (int i = 0; i < 8; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            sut.Fail(WatchFault.Of(Query.Kind, "forbidden", $"forbidden for the {i}th time"));
        }

        sut.Synced();

        Assert.Equal(since, new ManualTimeProvider().GetUtcNow());
        Assert.Equal(
            [
                "The cluster, or some of what is wanted of it in namespace ns, cannot be followed; what was last known stays. nobody is there",
                "The things in namespace ns cannot be followed; what was last known stays. forbidden for the 6th time",
                "The things in namespace ns are followed again, after 40 s.",
            ],
            [.. log.Texts("ClusterFailing"), .. log.Texts("WatchFailing"), .. log.Texts("Recovered")]);
        Assert.Empty(log.Texts("ClusterRecovered"));
    }

    [Fact]
    public void Fail_ReasonsThatTakeTurns_AreOneTrouble()
    {
        RecordedLog log = new();
        WatchStatus sut = CreateStatus(Query, log, new FaultNotices(_time, log));
        for (int i = 0; i < 20; i++)
        {
            sut.Fail(WatchFault.Unreachable("nobody is there"));
            _time.Advance(TimeSpan.FromSeconds(10));
            sut.Fail(WatchFault.Of(Query.Kind, "forbidden", "forbidden"));
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(["ClusterFailing"], log.Events(LogLevel.Warning));
    }

    /// <summary>A server may take a minute to start, and says 429 all the while.</summary>
    [Fact]
    public void Fail_ServerAwayAndThenNotItselfForLong_IsOneTrouble()
    {
        RecordedLog log = new();
        WatchStatus sut = CreateStatus(Query, log, new FaultNotices(_time, log));
        sut.Fail(WatchFault.Unreachable("nobody is there"));
        for (int i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            sut.Fail(WatchFault.Overtaxed(new ApiAnswer(i % 5 == 0 ? 503 : 429, []), "it starts"));
        }

        Assert.Equal(["ClusterFailing"], log.Events(LogLevel.Warning));
        Assert.Equal("it starts", sut.State.Reason);

        for (int i = 0; i < 9; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            sut.Fail(WatchFault.Unauthorized("the credentials are refused"));
        }

        Assert.Equal(["ClusterFailing", "ClusterFailing"], log.Events(LogLevel.Warning));
    }

    [Fact]
    public void Fail_OfEveryKindByOneCause_IsOneLineAndOneWhenItIsOver()
    {
        RecordedLog log = new();
        FaultNotices notices = new(_time, log);
        WatchStatus one = CreateStatus(Query, log, notices);
        WatchStatus other = CreateStatus(Others, log, notices);
        WatchStatus forbidden = CreateStatus(Others, log, notices);
        forbidden.Fail(WatchFault.Of(Others.Kind, "forbidden", "a right is missing"));
        one.Fail(WatchFault.Unreachable("GET things: nobody is there"));
        _time.Advance(TimeSpan.FromSeconds(2));
        other.Fail(WatchFault.Unreachable("GET others: nobody is there"));
        for (int i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            forbidden.Fail(WatchFault.Unreachable("GET others: nobody is there"));
        }

        forbidden.Fail(WatchFault.Of(Others.Kind, "forbidden", "a right is missing"));
        one.Synced();
        Assert.Empty(log.Events(LogLevel.Information));
        _time.Advance(TimeSpan.FromSeconds(1.5));
        other.Synced();

        Assert.Equal(["WatchFailing", "ClusterFailing"], log.Events(LogLevel.Warning));
        Assert.Equal(["What could not be followed of the cluster in namespace ns is followed again, after 53.5 s."], log.Texts("ClusterRecovered"));
        Assert.Empty(log.Texts("Recovered"));
    }

    [Theory]
    [InlineData(14, 1)]
    [InlineData(15, 2)]
    public void Fail_OfTwoKindsByTwoCauses_IsOneLineIfTheyBeginTogether(int secondsBetween, int lines)
    {
        RecordedLog log = new();
        FaultNotices notices = new(_time, log);
        WatchStatus one = CreateStatus(Query, log, notices);
        WatchStatus other = CreateStatus(Others, log, notices);
        one.Fail(WatchFault.Overtaxed(new ApiAnswer(503, []), "it says that it stops"));
        _time.Advance(TimeSpan.FromSeconds(secondsBetween));
        other.Fail(WatchFault.Unreachable("nobody is there"));
        one.Synced();
        other.Synced();
        Assert.Equal((lines, lines), (log.Texts("ClusterFailing").Count, log.Texts("ClusterRecovered").Count));
    }

    [Fact]
    public void Ended_WhileItFails_LeavesTheNoticeToTheOthers()
    {
        RecordedLog log = new();
        FaultNotices notices = new(_time, log);
        WatchStatus one = CreateStatus(Query, log, notices);
        WatchStatus other = CreateStatus(Others, log, notices);
        one.Fail(WatchFault.Unreachable("nobody is there"));
        other.Fail(WatchFault.Unreachable("nobody is there"));
        one.Ended();
        other.Synced();
        Assert.Equal(["ClusterRecovered"], log.Events(LogLevel.Information));

        other.Fail(WatchFault.Unreachable("nobody is there"));
        other.Ended();
        Assert.Equal(["ClusterRecovered"], log.Events(LogLevel.Information));
        Assert.Equal(["ClusterFailing", "ClusterFailing"], log.Events(LogLevel.Warning));
    }

    [Fact]
    public async Task Run_EndsWhileItFails_LeavesTheNotice()
    {
        await using FakeApi api = await FakeApi.StartAsync();
        RecordedLog log = new();
        FaultNotices notices = new(_time, log);
        WatchStatus other = CreateStatus(Others, log, notices);
        SyncPoint again = new();
        api.List(FakeApi.Status(503, "ServiceUnavailable")).List(_ => again.WaitToContinueAsync());
        await using (WatchRun sut = new(api.Access, Query, _time, notices: notices))
        {
            await again.Reached.DefaultTimeout();
            other.Fail(WatchFault.Overtaxed(new ApiAnswer(503, []), "503"));
            again.Continue();
        }

        other.Synced();
        Assert.Equal(["ClusterFailing"], log.Events(LogLevel.Warning));
        Assert.Equal(["ClusterRecovered"], log.Events(LogLevel.Information));
    }

    [Fact]
    public void Fail_AtTheFirstStart_DoesNotSpeakOfWhatIsKnown()
    {
        RecordedLog log = new();
        FaultNotices notices = new(_time, log);
        CreateStatus(Query, log, notices).Fail(WatchFault.Unreachable("nobody is there"));
        CreateStatus(Query, log, notices).Fail(WatchFault.Of(Query.Kind, "forbidden", "a right is missing"));
        Assert.Equal(
            [
                "The cluster, or some of what is wanted of it in namespace ns, cannot be followed; nothing is known of that yet. nobody is there",
                "The things in namespace ns cannot be followed; nothing is known of that yet. a right is missing",
            ],
            [.. log.Texts("ClusterFailing"), .. log.Texts("WatchFailing")]);
    }

    private WatchStatus CreateStatus(ResourceQuery query, RecordedLog log, FaultNotices notices) => new(query, new WatchContext(_time, new Random(1), log, notices));
}

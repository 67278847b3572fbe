using EndpointPicker.Cluster.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Testing;

namespace EndpointPicker.Tests.Cluster.Api;

/// <summary>Lists and watches that go well, or are cut, expire or make no sense, at moments that a real server does not offer.</summary>
public class ResourceWatchTests
{
    private static readonly ResourceQuery Query = new(new ResourceKind("", "v1", "things"), "ns");

    private readonly SkippingTime _time = new();

    [Fact]
    public async Task List_InPages_IsReplacedOnce()
    {
        await using FakeApi api = await FakeApi.StartAsync();
        api.List(FakeApi.Text(TestObject.List(7, "p2", TestObject.Json("a", 1), TestObject.Json("b", 2)))).List(FakeApi.Text(TestObject.List(7, "", TestObject.Json("c", 3))));
        await using WatchRun sut = CreateSut(api, Query with { PageSize = 2, FieldSelector = "metadata.name=x", LabelSelector = "a in (b,c)" });

        await sut.UntilAsync(WatchPhase.Synced);
        await sut.Watch.FirstSync.DefaultTimeout();
        await Until(() => !api.Watches.IsEmpty);

        Assert.Equal(["replace a,b,c"], sut.Sink.Calls);
        Assert.Equal(
            [
                ("2", "", "metadata.name=x", "a in (b,c)", ""),
                ("2", "p2", "metadata.name=x", "a in (b,c)", ""),
            ],
            api.Lists.Select(query => (query["limit"].ToString(), query["continue"].ToString(), query["fieldSelector"].ToString(), query["labelSelector"].ToString(), query["resourceVersion"].ToString())));
        IQueryCollection watch = Assert.Single(api.Watches);
        Assert.Equal(("7", "true", "a in (b,c)"), (watch["resourceVersion"].ToString(), watch["allowWatchBookmarks"].ToString(), watch["labelSelector"].ToString()));
    }

    [Fact]
    public async Task List_ForgottenBeforeItsLastPage_StartsAgainInOnePiece()
    {
        await using FakeApi api = await FakeApi.StartAsync();
        api.List(FakeApi.Text(TestObject.List(7, "p2", TestObject.Json("a", 1)))).List(FakeApi.Status(410, "Expired"))
            .List(FakeApi.Text(TestObject.List(9, "", TestObject.Json("b", 8), TestObject.Json("c", 9))));
        await using WatchRun sut = CreateSut(api, Query with { PageSize = 1 });

        await sut.UntilAsync(WatchPhase.Synced);

        Assert.Equal(["replace b,c"], sut.Sink.Calls);
        Assert.Equal(["1", "1", ""], api.Lists.Select(query => query["limit"].ToString()));
        Assert.Empty(api.Lists.Last()["continue"].ToString());
    }

    [Fact]
    public async Task Watch_Events_AreToldInOrder()
    {
        await using FakeApi api = await FakeApi.StartAsync();
        string stream = TestObject.Event("ADDED", TestObject.Json("a", 2)) + TestObject.Event("MODIFIED", TestObject.Json("a", 3)) + "\n\n"
            + """{ "object" : """ + TestObject.Json("b", 4) + """ , "type" : "ADDED" }""" + TestObject.Event("SOMETHING", TestObject.Json("b", 5)) + TestObject.Event("DELETED", TestObject.Json("a", 6));
        api.Watch(api.Open(stream.Select(character => character.ToString()).ToArray()));
        await using WatchRun sut = CreateSut(api);

        await sut.Sink.Until("remove a");

        Assert.Equal(["replace ", "put a@2", "put a@3", "put b@4", "remove a"], sut.Sink.Calls);
    }

    [Fact]
    public async Task Watch_EndedByItsTime_GoesOnAtOnceAfterTheLastBookmark()
    {
        await using FakeApi api = await FakeApi.StartAsync();
        RecordingSink sink = new();
        api.Watch(async context =>
        {
            await FakeApi.SendAsync(context, TestObject.Event("ADDED", TestObject.Json("a", 2)), TestObject.Event("BOOKMARK", """{"metadata":{"resourceVersion":"40"}}"""));
            await sink.Until("put a@2");
            _time.Advance(TimeSpan.FromSeconds(45));
        });
        await using WatchRun sut = new(api.Access, Query, _time, sink);

        await Until(() => api.Watches.Count == 2);

        Assert.Equal("40", api.Watches.Last()["resourceVersion"]);
        Assert.Single(api.Lists);
        Assert.Empty(api.Checks);
        Assert.Empty(_time.Pauses);
        Assert.Equal(WatchPhase.Synced, sut.Watch.State.Phase);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"na", true)]
    [InlineData("<html>bad gateway</html>", false)]
    [InlineData("[1]", false)]
    [InlineData("17 ", false)]
    [InlineData("{\"type\":\"ADDED\"}", false)]
    [InlineData("{\"type\":\"ADDED\",\"object\":{}} }", false)]
    public async Task Watch_BrokenAgainAndAgain_GoesOnWithoutAList(string remainder, bool cut)
    {
        const int Breaks = 20;
        await using FakeApi api = await FakeApi.StartAsync();
        RecordingSink sink = new();
        for (int i = 0; i < Breaks; i++)
        {
            int number = i;
            api.Watch(async context =>
            {
                await FakeApi.SendAsync(context, TestObject.Event("ADDED", TestObject.Json($"o{number}", 10 + number)));
                await sink.Until($"put o{number}@{10 + number}");
                await FakeApi.SendAsync(context, remainder);
                if (cut)
                {
                    context.Abort();
                }
                else
                {
                    await api.StayAsync(context);
                }
            });
        }

        await using WatchRun sut = new(api.Access, Query, _time, sink);

        await Until(() => api.Watches.Count == Breaks + 1);

        Assert.Empty(sink.Anomalies);
        Assert.Single(api.Lists);
        Assert.Equal(Breaks, sink.Objects.Count);
        Assert.Equal(Enumerable.Range(10, Breaks).Select(version => $"{version}"), api.Checks.Select(query => query["resourceVersion"].ToString()));
        Assert.Equal("29", api.Watches.Last()["resourceVersion"]);
        Assert.Equal(Breaks, _time.Pauses.Count);
        Assert.All(_time.Pauses, pause => Assert.InRange(pause, TimeSpan.Zero, TimeSpan.FromMilliseconds(100)));
    }

    [Fact]
    public async Task Watch_ExpiredAgainAndAgain_ListsLessAndLessOften()
    {
        const int Times = 8;
        SkippingTime time = new() { Holds = true };
        await using FakeApi api = await FakeApi.StartAsync();
        for (int i = 0; i < Times; i++)
        {
            api.Watch(api.Open(TestObject.Event("ERROR", FakeApi.StatusJson(410, "Expired"))));
        }

        await using WatchRun sut = new(api.Access, Query, time);

        await Until(() => api.Watches.Count == Times + 1);

        Assert.Equal(Times + 1, api.Lists.Count);
        Assert.Equal(Times, time.Pauses.Count);
        Assert.All(time.Pauses, (pause, i) => Assert.InRange(pause, TimeSpan.Zero, TimeSpan.FromMilliseconds(100 * Math.Pow(2, i))));
        Assert.Contains(time.Pauses, pause => pause > TimeSpan.FromSeconds(2));
        Assert.Equal(["ClusterFailing"], sut.Log.Events(LogLevel.Warning));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Watch_Expired_ListsAnew(bool asEvent)
    {
        await using FakeApi api = await FakeApi.StartAsync();
        api.List(FakeApi.Text(TestObject.List(5, "", TestObject.Json("a", 1), TestObject.Json("b", 2)))).List(FakeApi.Text(TestObject.List(60, "", TestObject.Json("b", 2))));
        api.Watch(asEvent ? api.Open(TestObject.Event("ERROR", FakeApi.StatusJson(410, "Expired"))) : FakeApi.Status(410, "Expired"));
        await using WatchRun sut = CreateSut(api);

        await Until(() => api.Watches.Count == 2);

        Assert.Equal(["replace a,b", "replace b"], sut.Sink.Calls);
        Assert.Empty(api.Lists.Last()["resourceVersion"].ToString());
        Assert.Equal("60", api.Watches.Last()["resourceVersion"]);
        Assert.True(_time.Pauses.Sum(pause => pause.TotalSeconds) < 1);
        Assert.Empty(sut.Log.Events(LogLevel.Warning));
        Assert.Equal(["Listed"], sut.Log.Events(LogLevel.Information));
        Assert.Equal(["Forgotten", "ListedAnew"], sut.Log.Events(LogLevel.Debug));
    }

    [Fact]
    public async Task Watch_Stalled_IsGivenUpWithinAMinute()
    {
        await using FakeApi api = await FakeApi.StartAsync();
        api.Watch(api.Open(TestObject.Event("ADDED", TestObject.Json("a", 2))));
        await using WatchRun sut = CreateSut(api);
        await sut.Sink.Until("put a@2");

        _time.Advance(TimeSpan.FromSeconds(60));

        await Until(() => api.Watches.Count == 2);
        Assert.Equal("2", api.Watches.Last()["resourceVersion"]);
        Assert.InRange(int.Parse(api.Watches.First()["timeoutSeconds"].ToString(), System.Globalization.CultureInfo.InvariantCulture), 40, 50);
    }

    [Fact]
    public async Task Watch_ObjectThatMakesNoSense_IsLeftOutAndToldOnce()
    {
        await using FakeApi api = await FakeApi.StartAsync();
        const string Refused = """{"refuse":""}""";
        api.List(FakeApi.Text(TestObject.List(5, "", TestObject.Json("a", 1, Refused), TestObject.Json("b", 2))));
        api.Watch(api.Open(
            TestObject.Event("MODIFIED", TestObject.Json("a", 6, Refused)),
            TestObject.Event("ADDED", """{"metadata":{"resourceVersion":"7"},"name":"no name"}"""),
            TestObject.Event("MODIFIED", TestObject.Json("a", 8)),
            TestObject.Event("MODIFIED", TestObject.Json("a", 9, Refused)),
            TestObject.Event("MODIFIED", TestObject.Json("b", 10))));
        await using WatchRun sut = CreateSut(api);

        await sut.Sink.Until("put b@10");

        Assert.Equal(["replace b", "put a@8", "put b@10"], sut.Sink.Calls);
        Assert.Equal(["ObjectRefused", "ObjectRefused", "ObjectRefused"], sut.Log.Events(LogLevel.Warning));
    }

    [Fact]
    public async Task Watch_DeletionThatCannotBeRead_ListsAnew()
    {
        await using FakeApi api = await FakeApi.StartAsync();
        api.List(FakeApi.Text(TestObject.List(5, "", TestObject.Json("a", 1)))).List(FakeApi.Text(TestObject.List(7, "")));
        api.Watch(api.Open(TestObject.Event("DELETED", TestObject.Json("a", 6, """{"refuse":""}"""))));
        await using WatchRun sut = CreateSut(api);

        await sut.Sink.Until("replace ");

        Assert.Equal(["replace a", "replace "], sut.Sink.Calls);
    }

    [Fact]
    public async Task Watch_SinkThatBreaks_ListsAnew()
    {
        await using FakeApi api = await FakeApi.StartAsync();
        api.Watch(api.Open(TestObject.Event("ADDED", TestObject.Json("a", 2)))).List(FakeApi.Text(TestObject.List(1, ""))).List(FakeApi.Text(TestObject.List(3, "", TestObject.Json("a", 2))));
        RecordingSink sink = new() { OnCall = call => _ = call == "put a@2" ? throw new NotSupportedException("a bug") : call };
        await using WatchRun sut = new(api.Access, Query, _time, sink);

        await sut.Sink.Until("replace a");

        Assert.Equal(["replace ", "replace a"], sut.Sink.Calls);
        Assert.Equal(["WatchBroke"], sut.Log.Events(LogLevel.Error));
    }

    private static Task Until(Func<bool> condition) => Task.Run(async () =>
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }).DefaultTimeout();

    private WatchRun CreateSut(FakeApi api, ResourceQuery? query = null) => new(api.Access, query ?? Query, _time);
}

using EndpointPicker.Cluster.Api;
using Microsoft.Extensions.Logging;
using Testing;

namespace EndpointPicker.Tests.Cluster.Api;

/// <summary>What a watch makes of refusals: how long it waits, what it says, and that it comes back.</summary>
public sealed class WatchRefusalTests
{
    private static readonly ResourceQuery Query = new(new ResourceKind("example.com", "v1", "things"), "ns");

    private readonly SkippingTime _time = new();

    [Theory]
    [InlineData(429, "7", 7)]
    [InlineData(503, "7", 7)]
    [InlineData(503, "3600", 30)]
    public async Task List_ServerAsksToWait_IsObeyed(int status, string retryAfter, int seconds)
    {
        await using FakeApi api = await FakeApi.StartAsync();
        api.List(FakeApi.Status(status, "TooManyRequests", retryAfter));
        await using WatchRun sut = new(api.Access, Query, _time);

        await sut.UntilAsync(WatchPhase.Synced);

        Assert.Equal([TimeSpan.FromSeconds(seconds)], _time.Pauses);
    }

    [Fact]
    public async Task Watch_ServerErrors_AreWaitedOutWithoutAList()
    {
        await using FakeApi api = await FakeApi.StartAsync();
        SyncPoint last = new();
        for (int i = 0; i < 12; i++)
        {
            api.Watch(FakeApi.Status(500, "InternalError"));
        }

        api.Watch(async context =>
        {
            await last.WaitToContinueAsync();
            await api.Open()(context);
        });
        await using WatchRun sut = new(api.Access, Query, _time);

        await last.Reached.DefaultTimeout();
        WatchState failing = sut.Watch.State;
        last.Continue();
        await sut.UntilAsync(WatchPhase.Synced);

        Assert.Equal(WatchPhase.Failing, failing.Phase);
        Assert.Contains("500 InternalError: it says InternalError to watch things.example.com", failing.Reason, StringComparison.Ordinal);
        Assert.Equal(new ManualTimeProvider().GetUtcNow(), failing.Since);
        Assert.Single(api.Lists);
        Assert.Equal(12, _time.Pauses.Count);
        Assert.All(_time.Pauses, pause => Assert.InRange(pause, TimeSpan.Zero, TimeSpan.FromSeconds(30)));
        Assert.True(_time.Pauses.Max() > TimeSpan.FromSeconds(3), "pauses grow");
        Assert.Equal(["ClusterFailing"], sut.Log.Events(LogLevel.Warning));
        Assert.Equal(["Listed", "ClusterRecovered"], sut.Log.Events(LogLevel.Information));
    }

    [Fact]
    public async Task Watch_Forbidden_SaysWhatToGrantAndTellsOnce()
    {
        await using FakeApi api = await FakeApi.StartAsync();
        SyncPoint granted = new();
        api.Watch(FakeApi.Status(403, "Forbidden")).Watch(FakeApi.Status(403, "Forbidden")).Watch(async context =>
        {
            await granted.WaitToContinueAsync();
            await api.Open()(context);
        });
        await using WatchRun sut = new(api.Access, Query, _time);

        await granted.Reached.DefaultTimeout();
        WatchState refused = sut.Watch.State;
        granted.Continue();
        await sut.UntilAsync(WatchPhase.Synced);

        Assert.Equal(
            "The API server forbids to watch things in API group \"example.com\" in namespace ns (403 Forbidden: it says Forbidden). "
            + "Grant the verb watch on things in a Role of that namespace, and bind it to the service account of this process.",
            refused.Reason);
        Assert.All(_time.Pauses, pause => Assert.InRange(pause, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)));
        Assert.Single(sut.Log.Events(LogLevel.Warning));
        Assert.Single(api.Lists);
    }

    [Fact]
    public async Task List_ForbiddenAndNotServed_IsAbsentAndNoFault()
    {
        await using FakeApi api = await FakeApi.StartAsync();
        SyncPoint installed = new();
        api.List(FakeApi.Status(403, "Forbidden")).List(FakeApi.Text(TestObject.List(5, "", TestObject.Json("a", 1))));
        api.Discover(FakeApi.Status(404, "NotFound")).Discover(FakeApi.Kinds("others", "things/status")).Discover(async context =>
        {
            await installed.WaitToContinueAsync();
            await FakeApi.Kinds("others", "things")(context);
        });
        await using WatchRun sut = new(api.Access, Query, _time);

        await sut.Watch.FirstSync.DefaultTimeout();
        await installed.Reached.DefaultTimeout();
        WatchState before = sut.Watch.State;
        int lists = api.Lists.Count;
        installed.Continue();
        await sut.UntilAsync(WatchPhase.Synced);

        Assert.Equal(WatchPhase.Absent, before.Phase);
        Assert.Equal(1, lists);
        Assert.Equal(["absent", "replace a"], sut.Sink.Calls);
        Assert.Equal(["/apis/example.com/v1", "/apis/example.com/v1", "/apis/example.com/v1"], api.Discoveries);
        Assert.Equal(2, _time.Pauses.Count);
        Assert.All(_time.Pauses, pause => Assert.InRange(pause, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)));
        Assert.Empty(sut.Log.Events(LogLevel.Warning));
        Assert.Equal(["KindAbsent"], sut.Log.Events(LogLevel.Debug));
        Assert.Equal(["Listed"], sut.Log.Events(LogLevel.Information));
    }

    [Fact]
    public async Task List_ForbiddenAndServed_NamesTheRightAndSeldomAsksAgain()
    {
        await using FakeApi api = await FakeApi.StartAsync();
        SyncPoint last = new();
        for (int i = 0; i < 8; i++)
        {
            api.List(FakeApi.Status(403, "Forbidden"));
        }

        api.Discover(FakeApi.Kinds("things")).Discover(FakeApi.Kinds("things"));
        api.List(async context =>
        {
            await last.WaitToContinueAsync();
            await FakeApi.Text(TestObject.List(1, ""))(context);
        });
        await using WatchRun sut = new(api.Access, Query, _time);

        await last.Reached.DefaultTimeout();
        string reason = sut.Watch.State.Reason;
        int asked = api.Discoveries.Count;
        last.Continue();
        await sut.UntilAsync(WatchPhase.Synced);

        Assert.StartsWith("The API server forbids to list things in API group \"example.com\" in namespace ns (403 Forbidden", reason, StringComparison.Ordinal);
        Assert.Equal(1, asked);
        Assert.Equal(8, _time.Pauses.Count);
        Assert.All(_time.Pauses, pause => Assert.InRange(pause, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task List_ForbiddenAndDiscoveryFails_IsAskedAgain()
    {
        await using FakeApi api = await FakeApi.StartAsync();
        api.List(FakeApi.Status(403, "Forbidden")).List(FakeApi.Status(403, "Forbidden"));
        api.Discover(FakeApi.Status(503, "ServiceUnavailable")).Discover(FakeApi.Status(404, "NotFound"));
        await using WatchRun sut = new(api.Access, Query, _time);

        await sut.Watch.FirstSync.DefaultTimeout();

        Assert.Equal("absent", sut.Sink.Calls[0]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ForbiddenAndNoLongerServed_LetsGoAfterThree(bool watchForbidden)
    {
        await using FakeApi api = await FakeApi.StartAsync();
        api.List(FakeApi.Text(TestObject.List(5, "", TestObject.Json("a", 1))));
        if (watchForbidden)
        {
            api.Watch(FakeApi.Status(403, "Forbidden"));
        }
        else
        {
            api.Watch(FakeApi.Status(410, "Expired")).List(FakeApi.Status(403, "Forbidden"));
        }

        for (int i = 0; i < 3; i++)
        {
            api.Discover(FakeApi.Kinds("others"));
        }

        int pauses = 0;
        RecordingSink sink = new() { OnCall = call => pauses = call == "absent" ? _time.Pauses.Count(pause => pause >= TimeSpan.FromSeconds(2)) : pauses };
        await using WatchRun sut = new(api.Access, Query, _time, sink);
        await sink.Until("absent");

        Assert.Equal(["replace a", "absent"], sink.Calls.Take(2));
        Assert.Equal(2, pauses);
        Assert.Equal(["WatchFailing"], sut.Log.Events(LogLevel.Warning));
    }

    [Fact]
    public async Task List_KindNotServed_IsAbsentUntilItAppears()
    {
        await using FakeApi api = await FakeApi.StartAsync();
        api.List(FakeApi.Text("404 page not found\n", 404)).List(FakeApi.Text("404 page not found\n", 404)).List(FakeApi.Status(404, "NotFound"))
            .List(FakeApi.Text(TestObject.List(5, "", TestObject.Json("a", 1))))
            .List(FakeApi.Status(404, "NotFound")).List(FakeApi.Status(404, "NotFound"));
        SyncPoint vanish = new();
        api.Watch(async context =>
        {
            await vanish.WaitToContinueAsync();
            await FakeApi.SendAsync(context, TestObject.Event("DELETED", TestObject.Json("a", 6)));
        }).Watch(FakeApi.Status(404, "NotFound"));
        await using WatchRun sut = new(api.Access, Query, _time);

        await vanish.Reached.DefaultTimeout();
        IReadOnlyList<TimeSpan> pauses = _time.Pauses;
        IReadOnlyList<string> calls = sut.Sink.Calls;
        vanish.Continue();
        await sut.Sink.Until(sink => sink.Calls.Count(call => call == "absent") == 2);
        await sut.Sink.Until("replace ");

        Assert.Equal(["absent", "replace a"], calls);
        Assert.Equal(3, pauses.Count);
        Assert.All(pauses, pause => Assert.InRange(pause, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)));
        Assert.Equal(["absent", "replace a", "remove a", "absent", "replace "], sut.Sink.Calls);

        Assert.Equal(["KindAbsent"], sut.Log.Events(LogLevel.Debug));
        Assert.Equal(["Listed", "KindGone", "Listed"], sut.Log.Events(LogLevel.Information));
        Assert.Equal(["WatchFailing"], sut.Log.Events(LogLevel.Warning));
    }

    [Fact]
    public async Task Watch_TwoStray404s_ThrowNothingAway()
    {
        await using FakeApi api = await FakeApi.StartAsync();
        api.List(FakeApi.Text(TestObject.List(5, "", TestObject.Json("a", 1)))).List(FakeApi.Text("404 page not found\n", 404))
            .List(FakeApi.Text(TestObject.List(7, "", TestObject.Json("a", 1))));
        api.Watch(FakeApi.Text("404 page not found\n", 404));
        await using WatchRun sut = new(api.Access, Query, _time);

        await sut.Sink.Until(sink => sink.Calls.Count == 2);

        Assert.Equal(["replace a", "replace a"], sut.Sink.Calls);
        Assert.Equal(["WatchFailing"], sut.Log.Events(LogLevel.Warning));
        Assert.DoesNotContain("KindAbsent", sut.Log.Events(LogLevel.Information));
    }

    [Fact]
    public async Task List_TokenRefused_IsTriedAtOnceWithTheNewOne()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "old\n", TestContext.Current.CancellationToken);
        await using FakeApi api = await FakeApi.StartAsync();
        api.List(context =>
        {
            File.WriteAllText(file, "new\n");
            return FakeApi.Status(401, "Unauthorized")(context);
        });
        await using WatchRun sut = new(api.Access with { Credentials = new ClusterCredentials { TokenFile = file } }, Query, _time);

        await sut.UntilAsync(WatchPhase.Synced);

        Assert.Equal(["Bearer old", "Bearer new"], api.Tokens.Take(2));
        Assert.Empty(_time.Pauses);
        Assert.Empty(sut.Log.Events(LogLevel.Warning));
        File.Delete(file);
    }

    [Fact]
    public async Task List_CredentialsRefused_SaysSo()
    {
        await using FakeApi api = await FakeApi.StartAsync();
        SyncPoint accepted = new();
        api.List(FakeApi.Status(401, "Unauthorized")).List(async context =>
        {
            await accepted.WaitToContinueAsync();
            await FakeApi.Text(TestObject.List(1, ""))(context);
        });
        await using WatchRun sut = new(api.Access with { Credentials = new ClusterCredentials { Token = "secret" } }, Query, _time);

        await accepted.Reached.DefaultTimeout();
        string reason = sut.Watch.State.Reason;
        accepted.Continue();
        await sut.UntilAsync(WatchPhase.Synced);

        Assert.StartsWith("The API server does not accept the credentials of the test (401 Unauthorized", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_NobodyThere_IsTriedAgainUntilSomebodyIs()
    {
        FakeApi api = await FakeApi.StartAsync();
        await using CuttableProxy proxy = new(api.Access.Server.Port);
        proxy.Refuse(true);
        await using WatchRun sut = new(api.Access.Through(proxy.Port), Query, _time);

        WatchState failing = await sut.UntilAsync(WatchPhase.Failing);
        Assert.False(sut.Watch.FirstSync.IsCompleted);
        proxy.Refuse(false);
        await sut.UntilAsync(WatchPhase.Synced);

        Assert.StartsWith($"The API server cannot be reached: GET http://127.0.0.1:{proxy.Port}/apis/example.com/v1/namespaces/ns/things: ", failing.Reason, StringComparison.Ordinal);
        await api.DisposeAsync();
    }
}

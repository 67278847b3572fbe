using EndpointPicker.Cluster.Api;
using Microsoft.Extensions.Logging;
using Testing;

namespace EndpointPicker.Tests.Cluster.Api;

/// <summary>A server that has not reached the version to go on from, as after a restore of an older backup.</summary>
public sealed class WatchBehindTests
{
    private const string WithCause = """
        {"kind":"Status","status":"Failure","message":"it is late","reason":"Timeout",
         "details":{"causes":[{"reason":"Other"},{"reason":"ResourceVersionTooLarge","message":"x"}],"retryAfterSeconds":1},"code":504}
        """;

    private const string WithMessage = """
        {"kind":"Status","status":"Failure","message":"Timeout: Too large resource version: 50, current: 7","reason":"Timeout","details":{},"code":504}
        """;

    private static readonly ResourceQuery Query = new(new ResourceKind("", "v1", "things"), "ns");

    private readonly SkippingTime _time = new();

    [Theory]
    [InlineData(WithCause)]
    [InlineData(WithMessage)]
    public Task Watch_RefusedAsTooLarge_ListsAnew(string status) => ListsAnewAsync(api => api.Watch(FakeApi.Text(status, 504)), told: "WatchFailing");

    [Fact]
    public Task Watch_ErrorEventTooLarge_ListsAnew() => ListsAnewAsync(api => api.Watch(api.Open(TestObject.Event("ERROR", WithCause))), told: null);

    [Theory]
    [InlineData(WithCause)]
    [InlineData(WithMessage)]
    public Task Watch_BrokenAndServerBehind_ListsAnewInsteadOfWaitingInSilence(string status) => ListsAnewAsync(
        api => api.Watch(context => FakeApi.SendAsync(context)).Check(FakeApi.Text(status, 504)),
        told: "WatchFailing");

    [Fact]
    public Task Watch_ServerErrorsAndThenBehind_ListsAnew() => ListsAnewAsync(
        api => api.Watch(FakeApi.Status(503, "ServiceUnavailable")).Check(FakeApi.Status(500, "InternalError")).Check(FakeApi.Text(WithCause, 504)),
        told: "ClusterFailing");

    [Fact]
    public async Task Watch_BehindAgainAndAgain_ListsLessAndLessOften()
    {
        const int Times = 8;
        await using FakeApi api = await FakeApi.StartAsync();
        for (int i = 0; i < Times; i++)
        {
            api.Watch(FakeApi.Text(WithMessage, 504));
        }

        SyncPoint last = new();
        api.Watch(async context =>
        {
            await last.WaitToContinueAsync();
            await api.Open()(context);
        });
        await using WatchRun sut = new(api.Access, Query, _time);

        await last.Reached.DefaultTimeout();
        last.Continue();

        Assert.Equal(Times + 1, api.Lists.Count);
        Assert.Equal(Times, _time.Pauses.Count);
        Assert.Contains(_time.Pauses, pause => pause > TimeSpan.FromSeconds(2));
    }

    private async Task ListsAnewAsync(Action<FakeApi> script, string? told)
    {
        await using FakeApi api = await FakeApi.StartAsync();
        SyncPoint again = new();
        api.List(FakeApi.Text(TestObject.List(50, "", TestObject.Json("a", 1), TestObject.Json("b", 2)))).List(FakeApi.Text(TestObject.List(7, "", TestObject.Json("b", 2))));
        script(api);
        api.Watch(async context =>
        {
            await again.WaitToContinueAsync();
            await api.Open()(context);
        });
        await using WatchRun sut = new(api.Access, Query, _time);

        await again.Reached.DefaultTimeout();
        again.Continue();
        await sut.UntilAsync(WatchPhase.Synced);

        Assert.Equal(["replace a,b", "replace b"], sut.Sink.Calls);
        Assert.All(api.Lists, query => Assert.False(query.ContainsKey("resourceVersion")));
        Assert.All(api.Checks, query => Assert.Equal(("50", "NotOlderThan", "metadata.name=none"), (query["resourceVersion"].ToString(), query["resourceVersionMatch"].ToString(), query["fieldSelector"].ToString())));
        Assert.Equal("7", api.Watches.Last()["resourceVersion"]);
        Assert.Equal(told is not null ? [told] : [], sut.Log.Events(LogLevel.Warning).Distinct());
        Assert.Equal(told == "ClusterFailing" ? 1 : 0, sut.Log.Texts("Behind").Count);
    }
}

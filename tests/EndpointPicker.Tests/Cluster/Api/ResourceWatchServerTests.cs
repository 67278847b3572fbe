using System.Buffers;
using EndpointPicker.Cluster.Api;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Testing;

namespace EndpointPicker.Tests.Cluster.Api;

/// <summary>A watch on a real API server, with a proxy between them where the way is to fail.</summary>
public class ResourceWatchServerTests(TestApiFixture server)
{
    private static readonly ResourceKind ConfigMaps = new("", "v1", "configmaps");

    [Fact]
    public async Task Run_ObjectsOfASelector_AreFollowed()
    {
        TestApi api = await server.GetAsync();
        string space = await server.NewNamespaceAsync();
        using ApiClient client = TestClients.Admin(api);
        ClusterObjects objects = new(client, ConfigMaps, space);
        foreach (string name in (string[])["a", "b", "c", "d", "e"])
        {
            await objects.CreateAsync(name);
            await objects.PatchAsync(name, """{"metadata":{"labels":{"app":"x"}}}""");
        }

        await objects.CreateAsync("stranger");
        await using WatchRun sut = new(TestClients.Access(api), new ResourceQuery(ConfigMaps, space) { PageSize = 2, LabelSelector = "app=x" }, TimeProvider.System);

        await sut.Sink.Until("replace a,b,c,d,e");
        await objects.PatchAsync("b", """{"metadata":{"labels":{"app":null}}}""");
        await objects.PatchAsync("stranger", """{"metadata":{"labels":{"app":"x"}}}""");
        await objects.DeleteAsync("c");
        await sut.Sink.Until(sink => sink.Objects.Keys.Order().SequenceEqual(["a", "d", "e", "stranger"]));

        Assert.Empty(sut.Sink.Anomalies);
        Assert.Equal(WatchPhase.Synced, sut.Watch.State.Phase);
    }

    [Fact]
    public async Task Run_OneObjectByName_IsFollowed()
    {
        TestApi api = await server.GetAsync();
        string space = await server.NewNamespaceAsync();
        using ApiClient client = TestClients.Admin(api);
        ClusterObjects objects = new(client, ConfigMaps, space);
        await using WatchRun sut = new(TestClients.Access(api), new ResourceQuery(ConfigMaps, space) { FieldSelector = "metadata.name=a" }, TimeProvider.System);
        await sut.Watch.FirstSync.DefaultTimeout();

        await objects.CreateAsync("other");
        await objects.CreateAsync("a");
        await objects.DeleteAsync("a");
        await sut.Sink.Until("remove a");

        Assert.Equal(["replace ", "put a", "remove a"], sut.Sink.Calls.Select(call => call.Split('@')[0]));
    }

    [Fact]
    public async Task Run_CrdComesAndGoes_IsFollowed()
    {
        TestApi api = await server.GetAsync();
        string space = await server.NewNamespaceAsync();
        using ApiClient client = TestClients.Admin(api);
        ResourceKind kind = new($"{space}.example.com", "v1", "things");
        await using WatchRun sut = new(TestClients.Access(api), new ResourceQuery(kind, space), TimeProvider.System);
        await sut.Sink.Until("absent");
        Assert.Equal(WatchPhase.Absent, sut.Watch.State.Phase);

        string crd = $$$$"""
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: things.{{{{kind.Group}}}}}
            spec:
              group: {{{{kind.Group}}}}
              scope: Namespaced
              names: {plural: things, singular: thing, kind: Thing}
              versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
            """;
        await api.ApplyAsync(crd);
        await sut.Sink.Until("replace ");
        await api.ApplyAsync($"apiVersion: {kind.Group}/v1\nkind: Thing\nmetadata:\n  name: a\n  namespace: {space}\n");
        await sut.Sink.Until(sink => sink.Objects.ContainsKey("a"));
        KubectlResult deleted = await api.KubectlAsync($"delete crd things.{kind.Group}");
        Assert.True(deleted.ExitCode == 0, deleted.Error);
        await sut.Sink.Until(sink => sink.Calls.Count(call => call == "absent") == 2);

        Assert.Empty(sut.Sink.Objects);
        Assert.All(sut.Log.Events(LogLevel.Warning), name => Assert.Equal("WatchFailing", name));
    }

    [Fact]
    public async Task Run_RightsGrantedLater_IsFollowed()
    {
        TestApi api = await server.GetAsync();
        string space = await server.NewNamespaceAsync();
        string token = await api.ServiceAccountTokenAsync(space, "bot");
        ClusterAccess access = TestClients.Access(api) with { Credentials = new ClusterCredentials { Token = token } };
        await using WatchRun sut = new(access, new ResourceQuery(ConfigMaps, space), new SkippingTime());

        WatchState refused = await sut.UntilAsync(WatchPhase.Failing);
        await api.KubectlAsync($"-n {space} create role reader --verb=get,list,watch --resource=configmaps");
        await api.KubectlAsync($"-n {space} create rolebinding bot --role=reader --serviceaccount={space}:bot");
        await sut.UntilAsync(WatchPhase.Synced);

        Assert.Contains($"forbids to list configmaps in API group \"\" in namespace {space} (403 Forbidden: configmaps is forbidden", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(["WatchFailing"], sut.Log.Events(LogLevel.Warning));
    }

    [Fact]
    public async Task Run_NoRightToAKindThatIsNotThere_IsAbsentAndNoFaultAlsoAfterAnOutage()
    {
        TestApi api = await server.GetAsync();
        string space = await server.NewNamespaceAsync();
        string token = await api.ServiceAccountTokenAsync(space, "bot");
        await using CuttableProxy proxy = new(api.Server.Port);
        proxy.Refuse(true);
        ClusterAccess access = (TestClients.Access(api) with { Credentials = new ClusterCredentials { Token = token } }).Through(proxy.Port);
        await using WatchRun sut = new(access, new ResourceQuery(new ResourceKind("nowhere.example.com", "v1", "things"), space), new SkippingTime());

        WatchState away = await sut.UntilAsync(WatchPhase.Failing);
        proxy.Refuse(false);
        await sut.UntilAsync(WatchPhase.Absent);

        Assert.StartsWith("The API server cannot be reached", away.Reason, StringComparison.Ordinal);
        Assert.Equal(["absent"], sut.Sink.Calls);
    }

    [Fact]
    public async Task Run_ConnectionStalls_GoesOnOverAnother()
    {
        TestApi api = await server.GetAsync();
        string space = await server.NewNamespaceAsync();
        using ApiClient client = TestClients.Admin(api);
        ClusterObjects objects = new(client, ConfigMaps, space);
        await using CuttableProxy proxy = new(api.Server.Port);
        ApiClientOptions options = new() { Probe = TimeSpan.FromSeconds(1) };
        await using WatchRun sut = new(TestClients.Access(api).Through(proxy.Port), new ResourceQuery(ConfigMaps, space), TimeProvider.System, options: options);
        await objects.CreateAsync("before");
        await sut.Sink.Until(sink => sink.Objects.ContainsKey("before"));

        proxy.Stall();
        await objects.CreateAsync("meanwhile");
        await sut.Sink.Until(sink => sink.Objects.ContainsKey("meanwhile"));

        Assert.Single(sut.Log.Texts("Listed"));
        Assert.Empty(sut.Log.Texts("ListedAnew"));
        Assert.Empty(sut.Sink.Anomalies);
    }

    [Fact]
    public async Task Send_ConnectionStalls_NextRequestTakesAnother()
    {
        TestApi api = await server.GetAsync();
        await using CuttableProxy proxy = new(api.Server.Port);
        ManualTimeProvider clock = new();
        ApiClientOptions options = new() { RequestTimeout = TimeSpan.FromSeconds(3), Probe = TimeSpan.FromMinutes(5) };
        using ApiClient sut = new(TestClients.Access(api).Through(proxy.Port), options, clock, NullLogger<ApiClient>.Instance);
        string path = ConfigMaps.Path("default");
        Assert.True((await sut.SendAsync(HttpMethod.Get, path, default, TestContext.Current.CancellationToken)).IsSuccess);

        proxy.Stall();
        Task<ApiAnswer> sending = sut.SendAsync(HttpMethod.Get, path, default, TestContext.Current.CancellationToken).AsTask();
        clock.Advance(options.RequestTimeout);
        ApiUnreachableException stalled = await Assert.ThrowsAsync<ApiUnreachableException>(() => sending.DefaultTimeout());
        ApiAnswer next = await sut.SendAsync(HttpMethod.Get, path, default, TestContext.Current.CancellationToken);

        Assert.EndsWith("no answer within 3 s", stalled.Message, StringComparison.Ordinal);
        Assert.True(next.IsSuccess);
        Assert.Equal(2, proxy.Connections);
    }

    [Fact]
    public async Task Run_OutageAndForgottenHistory_IsCaughtUp()
    {
        await using TestApi api = await TestApi.StartAsync(new TestApiSettings { WatchCache = false });
        using ApiClient client = TestClients.Admin(api);
        ClusterObjects objects = new(client, ConfigMaps, "default");
        await using CuttableProxy proxy = new(api.Server.Port);
        await using WatchRun sut = new(TestClients.Access(api).Through(proxy.Port), new ResourceQuery(ConfigMaps, "default"), TimeProvider.System);
        await objects.CreateAsync("a");
        await objects.CreateAsync("b");
        await objects.ExpectAsync(sut.Sink);
        string old = sut.Sink.Objects["a"];

        await api.StopAsync();
        await sut.UntilAsync(WatchPhase.Failing);
        await api.StartAgainAsync();
        await objects.CreateAsync("c");
        await objects.ExpectAsync(sut.Sink);
        Assert.Single(sut.Log.Texts("Listed"));
        Assert.Empty(sut.Log.Texts("ListedAnew"));

        proxy.Refuse(true);
        proxy.Reset();
        await objects.DeleteAsync("a");
        await objects.CreateAsync("d");
        ResourceQuery forgotten = new(ConfigMaps, "default");
        await Polled(async () =>
        {
            api.Compact();
            using ApiStream watch = await client.OpenAsync(forgotten.WatchPath(old, 1), TestContext.Current.CancellationToken);
            return watch.Refusal?.Status == 410 || IsError(await new JsonFrames(watch.Body, 1_000_000).NextAsync(TestContext.Current.CancellationToken));
        });
        proxy.Refuse(false);
        await objects.ExpectAsync(sut.Sink);

        Assert.Equal(2, sut.Log.Texts("Listed").Count + sut.Log.Texts("ListedAnew").Count);
        Assert.Empty(sut.Sink.Anomalies);
        Assert.DoesNotContain("remove a", sut.Sink.Calls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_ServerComesBackWithOlderData_IsListedAnew(bool watchCache)
    {
        await using TestApi api = await TestApi.StartAsync(new TestApiSettings { WatchCache = watchCache });
        using ApiClient client = TestClients.Admin(api);
        ClusterObjects objects = new(client, ConfigMaps, "default");
        await objects.CreateAsync("a");
        for (int i = 0; i < 400; i++)
        {
            await objects.PatchAsync("a", $$$$"""{"metadata":{"labels":{"round":"{{{{i}}}}"}}}""");
        }

        await using WatchRun sut = new(TestClients.Access(api), new ResourceQuery(ConfigMaps, "default"), TimeProvider.System);
        await objects.ExpectAsync(sut.Sink);
        int seen = Number(sut.Sink.Objects["a"]);

        await api.StopAndForgetAsync();
        await sut.UntilAsync(WatchPhase.Failing);
        await api.StartAgainAsync();
        await objects.CreateAsync("b");
        await sut.Sink.Until(sink => sink.Objects.ContainsKey("b"));
        await objects.ExpectAsync(sut.Sink);

        Assert.InRange(Number(sut.Sink.Objects["b"]), 1, seen - 1);
        Assert.DoesNotContain("a", sut.Sink.Objects.Keys);
        Assert.Equal(2, sut.Log.Texts("Listed").Count + sut.Log.Texts("ListedAnew").Count);
    }

    private static int Number(string version) => int.Parse(version, System.Globalization.CultureInfo.InvariantCulture);

    private static bool IsError(ReadOnlySequence<byte>? frame) => frame is { } bytes && WatchFrame.Read(bytes).Kind == WatchEventKind.Error;

    private static Task Polled(Func<Task<bool>> condition) => Task.Run(async () =>
    {
        while (!await condition())
        {
            await Task.Yield();
        }
    }).DefaultTimeout();
}

using EndpointPicker.Cluster.Api;
using Microsoft.Extensions.Logging;
using Testing;

namespace EndpointPicker.Tests.Cluster.Api;

/// <summary>A thousand pods that come, change and go while the watch's connection is reset again and again.</summary>
[Collection(nameof(RunsAlone))]
public class ResourceWatchSoakTests(TestApiFixture server)
{
    private const int Pods = 1000;
    private const int Writers = 8;
    private const int OperationsPerReset = 150;
    private const int Rounds = 4;

    // Pools and the sink's own notes: a round measures within 4 MiB, up or down, and what other tests have left in the process comes on top now and then.
    private const long MemoryTolerance = 8 * 1024 * 1024;

    private const string Spec = ""","spec":{"containers":[{"name":"c","image":"example.com/x"}]}""";

    private static readonly ResourceKind Kind = new("", "v1", "pods");

    [Fact]
    public async Task Run_ChurnAndResets_NothingIsLostOrDoubled()
    {
        TestApi api = await server.GetAsync();
        string space = await server.NewNamespaceAsync();
        using ApiClient client = TestClients.Admin(api);
        ClusterObjects pods = new(client, Kind, space);
        await using CuttableProxy proxy = new(api.Server.Port);
        await using WatchRun sut = new(TestClients.Access(api).Through(proxy.Port), new ResourceQuery(Kind, space), TimeProvider.System);
        await sut.Watch.FirstSync.DefaultTimeout();

        await ChurnAsync(proxy, Pods, i => pods.CreateAsync($"p{i}", Spec));
        await pods.ExpectAsync(sut.Sink);
        List<long> memory = [];
        for (int round = 0; round < Rounds; round++)
        {
            string ready = round % 2 == 0 ? "True" : "False";
            await ChurnAsync(proxy, Pods / 2, i => (i % 5) switch
            {
                0 => pods.PatchAsync($"p{i}", $$$$"""{"metadata":{"labels":{"round":"{{{{round}}}}"}}}"""),
                1 => pods.DeleteAsync($"p{i}"),
                _ => pods.PatchAsync($"p{i}", $$$"""{"status":{"conditions":[{"type":"Ready","status":"{{{ready}}}"}]}}""", "/status"),
            });
            await pods.ExpectAsync(sut.Sink);
            await ChurnAsync(proxy, Pods / 2, i => i % 5 == 1 ? pods.CreateAsync($"p{i}", Spec) : Task.CompletedTask);
            await pods.ExpectAsync(sut.Sink);
            memory.Add(Memory());
        }

        Assert.Empty(sut.Sink.Anomalies);
        Assert.Single(sut.Log.Events(LogLevel.Information), "Listed");
        Assert.True(proxy.Connections > 10, $"{proxy.Connections} connections");

        // What is kept is kept in every round.
        long grown = memory.Skip(1).Zip(memory, (after, before) => after - before).Min();
        Assert.True(grown < MemoryTolerance, $"grown by {grown} bytes in each round: {string.Join(", ", memory)}");
    }

    private static long Memory()
    {
        // Connections leave certificates and handles behind that only their finalizers free.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static async Task ChurnAsync(CuttableProxy proxy, int count, Func<int, Task> operation)
    {
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            int i;
            while ((i = Interlocked.Increment(ref next)) < count)
            {
                await operation(i);
                if (i % OperationsPerReset == OperationsPerReset / 2)
                {
                    proxy.Reset();
                }
            }
        })));
    }
}

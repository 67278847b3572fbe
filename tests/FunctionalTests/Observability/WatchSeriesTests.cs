using FunctionalTests.Cluster;
using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Observability;

/// <summary>The queries about Kubernetes, against a picker that follows a real API server.</summary>
public sealed class WatchSeriesTests(TestApiFixture server)
{
    [Fact]
    public async Task Queries_AboutWatches_NameLiveSeriesAndLabels()
    {
        TestApi api = await server.GetAsync();
        ClusterSpace space = new(api, await server.NewNamespaceAsync());
        await space.PoolAsync();
        await using EppProcess picker = await EppProcess.StartInClusterAsync(api.KubeConfig, space.Name, "--pool-name=pool");
        await picker.ReadyAsync();
        await space.PodAsync("a", "127.0.0.11");
        await picker.UntilMembersAsync("a-rank-0 127.0.0.11:8000");

        SeriesCatalogue series = new(await picker.GetAsync("/metrics"));
        string[] queries =
        [
            .. DashboardTests.Boards.SelectMany(board => board.Panels.SelectMany(panel => panel.Targets).SelectMany(target => board.Expand(target.Query))),
            .. AlertRule.ReadAll().Select(rule => rule.Query),
        ];
        queries = [.. queries.Where(query => query.Contains("llm_d_epp_cluster_", StringComparison.Ordinal))];
        Assert.True(queries.Length >= 3);
        Assert.All(queries, query => Assert.Empty(series.Faults(query)));
    }
}

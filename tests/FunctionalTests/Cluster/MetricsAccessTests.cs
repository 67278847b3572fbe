using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Cluster;

/// <summary>Who may read the metrics port of a picker that has an API server to ask.</summary>
public sealed class MetricsAccessTests(TestApiFixture fixture)
{
    [Fact]
    public async Task Port_WithAuthentication_AnswersTokensThatAreGrantedThePath()
    {
        TestApi api = await fixture.GetAsync();
        string space = await fixture.NewNamespaceAsync();
        string token = await api.ServiceAccountTokenAsync(space, "scraper");
        Assert.Equal(0, (await api.KubectlAsync($"create clusterrole scraper-{space} --verb=get --non-resource-url=/metrics --non-resource-url=/debug/*")).ExitCode);
        Assert.Equal(0, (await api.KubectlAsync($"create clusterrolebinding scraper-{space} --clusterrole=scraper-{space} --serviceaccount={space}:scraper")).ExitCode);
        await api.RightsInForceAsync();
        await using EppProcess picker = await EppProcess.StartInClusterAsync(api.KubeConfig, space, "--endpoint=127.0.0.1:8000", "--metrics-endpoint-auth=true");

        Assert.Equal(401, (await picker.GetFromAfarAsync("/metrics")).Status);
        Assert.Equal(401, (await picker.GetFromAfarAsync("/elsewhere")).Status);
        Assert.Equal(401, (await picker.GetFromAfarAsync("/metrics", "not.a.token")).Status);
        Assert.Equal(200, (await picker.GetFromAfarAsync("/healthz")).Status);
        Assert.Equal(200, (await picker.GetFromAfarAsync("/readyz")).Status);
        (int status, string page) = await picker.GetFromAfarAsync("/metrics", token);
        Assert.Equal((200, true), (status, page.Contains("llm_d_epp_info", StringComparison.Ordinal)));
        Assert.Equal(200, (await picker.GetFromAfarAsync("/debug/plugins/state", token)).Status);
        (status, page) = await picker.GetFromAfarAsync("/explain", token);
        Assert.Equal(403, status);
        Assert.Contains("grant nonResourceURLs [\"/explain\"] with verbs [\"get\"]", page, StringComparison.Ordinal);
        Assert.Contains("llm_d_epp_info", await picker.GetAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_WithoutAuthentication_AnswersEverybodyMetricsAndNothingElse()
    {
        TestApi api = await fixture.GetAsync();
        await using EppProcess picker = await EppProcess.StartInClusterAsync(api.KubeConfig, "default", "--endpoint=127.0.0.1:8000", "--metrics-endpoint-auth=false");
        Assert.Equal(200, (await picker.GetFromAfarAsync("/metrics")).Status);
        Assert.Equal(403, (await picker.GetFromAfarAsync("/explain")).Status);
        Assert.Equal(403, (await picker.GetFromAfarAsync("/debug/plugins/state")).Status);
    }
}

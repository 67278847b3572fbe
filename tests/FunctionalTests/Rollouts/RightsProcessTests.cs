using System.Text.Json.Nodes;
using FunctionalTests.Deploy;
using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Rollouts;

/// <summary>The picker with the rights that the deploy folder gives its ServiceAccount, and with one of them missing.</summary>
public sealed class RightsProcessTests : IAsyncLifetime
{
    private const string Space = "inference";

    private readonly string _folder = Directory.CreateTempSubdirectory("rights-").FullName;
    private TestApi _api = null!;
    private ClusterWriter _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await TestApi.StartAsync(new TestApiSettings
        {
            Crds = [.. "inference-extension-v0.5.1 inference-extension-v1.5.0 llm-d-router-v0.10".Split(' ').Select(folder => Fixtures.Require("crds", folder))],
        });
        _cluster = new ClusterWriter(_api);
        await _api.KubectlAsync($"create namespace {Space}");
        await _api.ApplyAsync(await DeployServer.KustomizeAsync("resources: [{0}]\n", "kubernetes/rbac"));
        await _cluster.CreateAsync($"apis/inference.networking.k8s.io/v1/namespaces/{Space}/inferencepools", ClusterChain.PoolObject(8000));
        await _cluster.CreateAsync($"api/v1/namespaces/{Space}/pods", """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"vllm-0","labels":{"app":"vllm"} },"spec":{"nodeName":"n","containers":[{"name":"c","image":"i"}]} }
            """);
        await _cluster.MergeAsync($"api/v1/namespaces/{Space}/pods/vllm-0/status", """
            {"status":{"phase":"Running","podIP":"127.0.0.1","conditions":[{"type":"Ready","status":"True"}]} }
            """);
    }

    public async ValueTask DisposeAsync()
    {
        _cluster?.Dispose();
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task ServiceAccountOfTheDeployFolder_IsEnough()
    {
        await using EppProcess epp = await StartAsync();
        await epp.Process.WaitForLineAsync(line => line.Contains("\"event\":\"Ready\"", StringComparison.Ordinal));

        await epp.UntilPageAsync("/board/state", "127.0.0.1:8000");
        Assert.DoesNotContain("forbid", epp.Process.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("epp-sa", "pods", "list")]
    [InlineData("epp-sa", "pods", "watch")]
    [InlineData("epp-non-sa", "inferencepools", "list")]
    [InlineData("epp-non-sa", "inferencepools", "watch")]
    [InlineData("epp-non-sa", "inferenceobjectives", "list")]
    [InlineData("epp-non-sa", "inferencemodelrewrites", "watch")]
    public async Task OneVerbMissing_TheLogSaysWhichAndWhatToGrant(string role, string resource, string verb)
    {
        await RemoveAsync(role, resource, verb);

        await using EppProcess epp = await StartAsync();
        string line = await epp.Process.WaitForLineAsync(line => line.Contains($"Grant the verb {verb} on {resource}", StringComparison.Ordinal));

        Assert.Contains($"in namespace {Space}", line, StringComparison.Ordinal);
        Assert.Contains($"system:serviceaccount:{Space}:epp", line, StringComparison.Ordinal);
    }

    private async Task RemoveAsync(string role, string resource, string verb)
    {
        KubectlResult result = await _api.KubectlAsync($"-n {Space} get role {role} -o json");
        JsonNode rules = JsonNode.Parse(result.Output)!["rules"]!;
        foreach (JsonNode? rule in rules.AsArray().Where(rule => rule!["resources"]!.AsArray().Any(name => (string?)name == resource)).ToList())
        {
            // The verb stays for the rule's other resources.
            JsonNode other = rule!.DeepClone();
            other["resources"] = new JsonArray([.. rule["resources"]!.AsArray().Where(name => (string?)name != resource).Select(name => name!.DeepClone())]);
            rule["resources"] = new JsonArray(resource);
            rule["verbs"] = new JsonArray([.. rule["verbs"]!.AsArray().Where(name => (string?)name != verb).Select(name => name!.DeepClone())]);
            if (other["resources"]!.AsArray().Count > 0)
            {
                rules.AsArray().Add(other);
            }
        }

        await _cluster.MergeAsync($"apis/rbac.authorization.k8s.io/v1/namespaces/{Space}/roles/{role}", new JsonObject { ["rules"] = rules.DeepClone() }.ToJsonString());
    }

    private async Task<EppProcess> StartAsync()
    {
        await _api.RightsInForceAsync();
        string token = await _api.ServiceAccountTokenAsync(Space, "epp");
        string file = Path.Combine(_folder, "kubeconfig");
        await File.WriteAllTextAsync(file, $$"""
            apiVersion: v1
            kind: Config
            clusters: [{ name: c, cluster: { server: "{{_api.Server}}", certificate-authority: "{{_api.AuthorityFile}}" } }]
            users: [{ name: epp, user: { token: "{{token}}" } }]
            contexts: [{ name: c, context: { cluster: c, user: epp } }]
            current-context: c
            """);
        return await EppProcess.StartInClusterAsync(file, Space, "--pool-name=pool");
    }
}

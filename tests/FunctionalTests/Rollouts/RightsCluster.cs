using System.Text.Json.Nodes;
using FunctionalTests.Deploy;
using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Rollouts;

/// <summary>An API server with a pool, a pod, and a picker's ServiceAccount with the rights of the deploy folder, some of which can be taken away.</summary>
public sealed class RightsCluster : IAsyncLifetime
{
    public const string Space = "inference";

    private readonly string _folder = Directory.CreateTempSubdirectory("rights-").FullName;
    private readonly Dictionary<string, Right[]> _roles = [];
    private TestApi _api = null!;
    private ClusterWriter _cluster = null!;

    /// <summary>All that the deploy folder lets the picker do in the API server.</summary>
    public IEnumerable<Right> Granted => _roles.Values.SelectMany(rights => rights);

    public async ValueTask InitializeAsync()
    {
        _api = await TestApi.StartAsync(new TestApiSettings
        {
            Crds = [.. "inference-extension-v0.5.1 inference-extension-v1.5.0 llm-d-router-v0.10".Split(' ').Select(folder => Fixtures.Require("crds", folder))],
        });
        _cluster = new ClusterWriter(_api);
        await _api.KubectlAsync($"create namespace {Space}");
        await _api.ApplyAsync(await DeployServer.KustomizeAsync("resources: [{0}]\ncomponents: [{1}]\n", "kubernetes/rbac", "kubernetes/components/leader-election"));
        foreach (string path in new[] { $"namespaces/{Space}/roles/epp-sa", $"namespaces/{Space}/roles/epp-non-sa", $"namespaces/{Space}/roles/epp-leader-election", "clusterroles/inference-epp" })
        {
            KubectlResult role = await _api.KubectlAsync($"get --raw /apis/rbac.authorization.k8s.io/v1/{path}");
            _roles[path] = [.. JsonNode.Parse(role.Output).Items("rules").SelectMany(Rights)];
        }

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

    /// <summary>Starts a picker that elects a leader, with all rights but some, and with no lease yet.</summary>
    /// <param name="missing">What it may not do.</param>
    internal async Task<EppProcess> StartWithoutAsync(params IReadOnlyCollection<Right> missing)
    {
        await _api.KubectlAsync($"-n {Space} delete leases --all");
        foreach ((string path, Right[] rights) in _roles)
        {
            JsonObject rules = new() { ["rules"] = new JsonArray([.. rights.Except(missing).Select(Rule)]) };
            await _cluster.MergeAsync($"apis/rbac.authorization.k8s.io/v1/{path}", rules.ToJsonString());
        }

        await _api.RightsInForceAsync();
        return await StartAsync();
    }

    /// <summary>A token of the picker's own account, for whoever wants to ask it something.</summary>
    internal Task<string> TokenAsync() => _api.ServiceAccountTokenAsync(Space, "epp");

    private static IEnumerable<Right> Rights(JsonNode rule) => rule.Texts("verbs").SelectMany(
        verb => rule.Texts("apiGroups").SelectMany(group => rule.Texts("resources").Select(resource => new Right(verb, group, resource))));

    private static JsonObject Rule(Right right) => new()
    {
        ["verbs"] = new JsonArray(right.Verb),
        ["apiGroups"] = new JsonArray(right.Group),
        ["resources"] = new JsonArray(right.Resource),
    };

    private async Task<EppProcess> StartAsync()
    {
        string file = Path.Combine(_folder, "kubeconfig");
        await File.WriteAllTextAsync(file, $$"""
            apiVersion: v1
            kind: Config
            clusters: [{ name: c, cluster: { server: "{{_api.Server}}", certificate-authority: "{{_api.AuthorityFile}}" } }]
            users: [{ name: epp, user: { token: "{{await TokenAsync()}}" } }]
            contexts: [{ name: c, context: { cluster: c, user: epp } }]
            current-context: c
            """);
        return await EppProcess.StartInClusterAsync(file, Space, "--pool-name=pool", "--ha-enable-leader-election");
    }
}

using System.Text.Json.Nodes;

namespace FunctionalTests.Deploy;

/// <summary>The picker may do exactly what it does.</summary>
[Collection(DeployTests.Name)]
public sealed class RightsTests(DeployServer server)
{
    private const string Token = "/var/run/secrets/kubernetes.io/serviceaccount";

    private static readonly string[] PodsByLabel =
        ["create authentication.k8s.io/tokenreviews", "create authorization.k8s.io/subjectaccessreviews", .. Watched("/pods")];

    [Theory]
    [InlineData("kubernetes", "")]
    [InlineData("kubernetes/rbac", "")]
    [InlineData("inference-pool/v1", "")]
    [InlineData("inference-pool/v1alpha2", "")]
    [InlineData("kubernetes/components/leader-election", "create coordination.k8s.io/leases,get coordination.k8s.io/leases,update coordination.k8s.io/leases")]
    public async Task ServiceAccount_OfAPickerForPools_MayDoExactly(string folder, string more)
    {
        string[] expected =
        [
            .. PodsByLabel,
            .. Watched("inference.networking.k8s.io/inferencepools"),
            .. Watched("llm-d.ai/inferenceobjectives"),
            .. Watched("llm-d.ai/inferencemodelrewrites"),
            .. Watched("inference.networking.x-k8s.io/inferencepools"),
            .. Watched("inference.networking.x-k8s.io/inferencemodels"),
            .. Watched("inference.networking.x-k8s.io/inferenceobjectives"),
            .. Watched("inference.networking.x-k8s.io/inferencemodelrewrites"),
            .. more.Split(',', StringSplitOptions.RemoveEmptyEntries),
        ];

        Assert.Equal(expected.Order(StringComparer.Ordinal), Rights(await server.RenderAsync(folder), "epp").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("kubernetes/rbac/pods")]
    [InlineData("kubernetes/components/selector")]
    [InlineData("envoy-gateway/full-duplex-fail-closed")]
    [InlineData("sidecar/kubernetes")]
    public async Task ServiceAccount_OfAPickerForPodsByLabel_MayDoExactly(string folder) =>
        Assert.Equal(PodsByLabel.Order(StringComparer.Ordinal), Rights(await server.RenderAsync(folder), "epp").Order(StringComparer.Ordinal));

    [Fact]
    public async Task Sidecar_WithAToken_KeepsItFromEnvoy()
    {
        PodTemplate pod = Assert.Single((await server.RenderAsync("sidecar/kubernetes")).Pods);

        Assert.Equal("false", pod.Spec.Text("automountServiceAccountToken"));
        JsonNode holder = Assert.Single(pod.Containers, container => container.Items("volumeMounts").Any(mount => mount.Text("mountPath") == Token));
        Assert.Equal("epp", holder.Name(inMetadata: false));
        JsonNode volume = Assert.Single(pod.Spec.Items("volumes"), volume => volume["projected"] is not null);
        Assert.Equal(volume.Text("name"), Assert.Single(holder.Items("volumeMounts"), mount => mount.Text("mountPath") == Token).Text("name"));
        IEnumerable<string> files = volume["projected"].Items("sources")
            .SelectMany(source => source["serviceAccountToken"] is { } token ? [token] : (source["configMap"] ?? source["downwardAPI"]).Items("items"))
            .Select(item => item.Text("path"));
        Assert.Equal(["ca.crt", "namespace", "token"], files.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("kubernetes/components/service-monitor", "epp-metrics-reader")]
    [InlineData("kubernetes/components/scrape-annotations", "prometheus")]
    [InlineData("sidecar/kubernetes/components/pod-monitor", "epp-metrics-reader")]
    [InlineData("sidecar/kubernetes/components/scrape-annotations", "prometheus")]
    public async Task Scraper_MayReadMetricsAlone(string folder, string account) =>
        Assert.Equal(["get /metrics"], Rights(await server.RenderAsync(folder), account));

    [Theory]
    [InlineData("sidecar/file")]
    [InlineData("sidecar/file/components/pod-monitor")]
    [InlineData("sidecar/file/components/scrape-annotations")]
    public async Task Sidecar_WithAFile_HasNoRightAndNoToken(string folder)
    {
        Rendering rendering = await server.RenderAsync(folder);

        Assert.Empty(rendering.OfKind("RoleBinding").Concat(rendering.OfKind("ClusterRoleBinding")));
        Assert.Equal("false", Assert.Single(rendering.Pods).Spec.Text("automountServiceAccountToken"));
    }

    private static IEnumerable<string> Watched(string resource) => [$"list {resource}", $"watch {resource}"];

    private static IEnumerable<string> Rights(Rendering rendering, string account) =>
        rendering.OfKind("RoleBinding").Concat(rendering.OfKind("ClusterRoleBinding"))
            .Where(binding => binding.Items("subjects").Any(subject => subject.Text("name") == account))
            .Select(binding => rendering.Single(binding["roleRef"]!.Text("kind"), binding["roleRef"]!.Text("name")))
            .SelectMany(role => role.Items("rules"))
            .SelectMany(rule => rule.Texts("verbs").SelectMany(verb => Objects(rule).Select(what => $"{verb} {what}")));

    private static IEnumerable<string> Objects(JsonNode rule) =>
        rule.Texts("nonResourceURLs").Concat(rule.Texts("apiGroups").SelectMany(group => rule.Texts("resources").Select(resource => $"{group}/{resource}")));
}

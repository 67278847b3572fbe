using System.Text.Json.Nodes;

namespace FunctionalTests.Deploy;

/// <summary>What an object refers to by name is in the same rendering, or is the user's own and known as such.</summary>
[Collection(DeployTests.Name)]
public sealed class ReferenceTests(DeployServer server)
{
    private const string ModelServers = "model-server/vllm";

    // What the user brings: certificates, a token for models, Prometheus.
    private static readonly string[] Brought =
        ["Secret/epp-metrics-tls", "Secret/epp-metrics-client-tls", "Secret/hf-token", "ServiceAccount/prometheus"];

    public static TheoryData<string> Folders => [.. DeployFolders.All];

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Pods_ReferToWhatIsThere(string folder)
    {
        Rendering rendering = await server.RenderAsync(folder);
        foreach (PodTemplate pod in rendering.Pods)
        {
            Expect(rendering, "ServiceAccount", pod.Spec.Text("serviceAccountName"));
            foreach (JsonNode volume in pod.Spec.Items("volumes"))
            {
                Expect(rendering, "ConfigMap", volume["configMap"]?.Text("name"));
                Expect(rendering, "Secret", volume["secret"]?.Text("secretName"));
            }

            foreach (JsonNode variable in pod.Containers.SelectMany(container => container.Items("env")))
            {
                Expect(rendering, "Secret", variable["valueFrom"]?["secretKeyRef"]?.Text("name"));
            }

            string[] volumes = [.. pod.Spec.Items("volumes").Select(volume => volume.Text("name"))];
            Assert.All(pod.Containers.SelectMany(container => container.Items("volumeMounts")), mount => Assert.Contains(mount.Text("name"), volumes));
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Bindings_ReferToRolesAndAccountsThatAreThere(string folder)
    {
        Rendering rendering = await server.RenderAsync(folder);
        foreach (JsonNode binding in rendering.OfKind("RoleBinding").Concat(rendering.OfKind("ClusterRoleBinding")))
        {
            Expect(rendering, binding["roleRef"]!.Text("kind"), binding["roleRef"]!.Text("name"));
            Assert.All(binding.Items("subjects"), subject => Expect(rendering, "ServiceAccount", subject.Text("name")));
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Selectors_MatchPods(string folder)
    {
        Rendering rendering = await server.RenderAsync(folder);
        PodTemplate[] pods = [.. rendering.Pods, .. (await server.RenderAsync(ModelServers)).Pods];
        foreach (JsonNode service in rendering.OfKind("Service"))
        {
            PodTemplate pod = Assert.Single(pods.DistinctBy(pod => pod.Workload), pod => pod.Matches(service["spec"]!["selector"]));
            Assert.All(service["spec"].Items("ports"), port => Assert.True(pod.HasPort(port["targetPort"]!), $"{service.Name()}: {port}"));
        }

        foreach (JsonNode chooser in rendering.OfKind("Deployment").Concat(rendering.OfKind("PodDisruptionBudget")))
        {
            Assert.Contains(pods, pod => pod.Matches(chooser["spec"]!["selector"]!["matchLabels"]));
        }

        foreach (JsonNode policy in rendering.OfKind("NetworkPolicy"))
        {
            PodTemplate pod = Assert.Single(rendering.Pods, pod => pod.Matches(policy["spec"]!["podSelector"]!["matchLabels"]));
            Assert.All(policy["spec"].Items("ingress").SelectMany(rule => rule.Items("ports")), port => Assert.True(pod.HasPort(port["port"]!), $"{policy.Name()}: {port}"));
        }

        Assert.All(
            rendering.Pods.SelectMany(pod => pod.Spec.Items("topologySpreadConstraints").Select(constraint => (pod, constraint))),
            spread => Assert.True(spread.pod.Matches(spread.constraint["labelSelector"]!["matchLabels"])));
        foreach (JsonNode scaler in rendering.OfKind("HorizontalPodAutoscaler"))
        {
            JsonNode target = rendering.Single(scaler["spec"]!["scaleTargetRef"]!.Text("kind"), scaler["spec"]!["scaleTargetRef"]!.Text("name"));
            Assert.True(target["spec"]!["replicas"]!.GetValue<int>() == 1, "a Deployment with an autoscaler says nothing of replicas, which the server makes 1");
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Monitors_FindAPort(string folder)
    {
        Rendering rendering = await server.RenderAsync(folder);
        foreach (JsonNode monitor in rendering.OfKind("ServiceMonitor"))
        {
            JsonObject labels = monitor["spec"]!["selector"]!["matchLabels"]!.AsObject();
            JsonNode service = Assert.Single(
                rendering.OfKind("Service"), service => labels.All(label => service["metadata"]!["labels"]?[label.Key]?.ToString() == label.Value!.ToString()));
            foreach (JsonNode endpoint in monitor["spec"].Items("endpoints"))
            {
                Assert.Contains(service["spec"].Items("ports"), port => port.Text("name") == endpoint.Text("port"));
                Expect(rendering, "Secret", endpoint["authorization"]?["credentials"]?.Text("name"));
            }
        }

        foreach (JsonNode monitor in rendering.OfKind("PodMonitor"))
        {
            PodTemplate pod = Assert.Single(rendering.Pods, pod => pod.Matches(monitor["spec"]!["selector"]!["matchLabels"]));
            foreach (JsonNode endpoint in monitor["spec"].Items("podMetricsEndpoints"))
            {
                Assert.True(pod.HasPort(endpoint["port"]!), $"{monitor.Name()}: {endpoint}");
                Expect(rendering, "Secret", endpoint["authorization"]?["credentials"]?.Text("name"));
            }
        }
    }

    /// <summary>Whoever finds the port by annotations has to be told that it speaks TLS, as a monitor is.</summary>
    [Fact]
    public async Task Scrapers_OfATlsPort_AreToldOfIt()
    {
        Rendering rendering = await server.AcceptAsync(await DeployServer.KustomizeAsync(
            "resources: [{0}]\ncomponents: [{1}, {2}, {3}]\n",
            "kubernetes",
            "kubernetes/components/service-monitor",
            "kubernetes/components/scrape-annotations",
            "kubernetes/components/metrics-tls"));

        JsonNode annotations = rendering.Single("Deployment", "epp")["spec"]!["template"]!["metadata"]!["annotations"]!;
        Assert.Equal(("true", "https"), (annotations.Text("prometheus.io/scrape"), annotations.Text("prometheus.io/scheme")));
        Assert.Equal("https", Assert.Single(Assert.Single(rendering.OfKind("ServiceMonitor"))["spec"].Items("endpoints")).Text("scheme"));
    }

    private static void Expect(Rendering rendering, string kind, string? name) => Assert.True(
        string.IsNullOrEmpty(name) || Brought.Contains($"{kind}/{name}") || rendering.Has(kind, name), $"there is no {kind} {name}");
}

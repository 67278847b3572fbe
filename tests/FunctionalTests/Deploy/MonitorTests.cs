using System.Text.Json.Nodes;

namespace FunctionalTests.Deploy;

/// <summary>
/// Every picker and every model server can be scraped, by a monitor of the Prometheus operator and by annotations: alerts, dashboards and the
/// autoscaler of the model servers see nothing of the others.
/// </summary>
[Collection(DeployTests.Name)]
public sealed class MonitorTests(DeployServer server)
{
    private const string Elsewhere = "elsewhere";
    private static readonly string[] Scraped = ["epp", "model-server"];
    private static readonly string[] Monitoring = ["service-monitor", "pod-monitor"];

    public static TheoryData<string> Folders => [.. DeployFolders.Whole];

    public static TheoryData<string> OfPickers =>
        [.. DeployFolders.Components.Where(component => Monitoring.Contains(Path.GetFileName(component)) && !component.StartsWith("model-server", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task PickersAndModelServers_OfAFolder_CanBeScraped(string folder)
    {
        foreach (PodTemplate pod in (await server.RenderAsync(folder)).Pods.Where(pod => Scraped.Any(name => pod.Container(name) is not null)))
        {
            string monitor = await ComponentAsync(folder, pod.Workload, Monitoring);
            string annotations = await ComponentAsync(folder, pod.Workload, "scrape-annotations");
            Rendering rendering = await server.AcceptAsync(await DeployServer.KustomizeAsync(
                $"namespace: {Elsewhere}\nresources: [{{0}}]\ncomponents: [{{1}}, {{2}}]\n", folder, monitor, annotations));

            PodTemplate annotated = Assert.Single(rendering.Pods, other => other.Workload == pod.Workload);
            ExpectMonitor(rendering, annotated);
            ExpectAnnotations(annotated);
            ExpectWayIn(rendering, annotated);
        }
    }

    /// <summary>Alerts tell pools apart by job, so two workloads may not share one.</summary>
    [Fact]
    public async Task Jobs_OfMonitors_AreCalledAsTheirPods()
    {
        List<string> jobs = [];
        foreach (string component in DeployFolders.Components.Where(component => Monitoring.Contains(Path.GetFileName(component))))
        {
            Rendering rendering = await server.RenderAsync(component);
            PodTemplate pod = Assert.Single(rendering.Pods);
            string job = rendering.OfKind("PodMonitor").SingleOrDefault() is { } monitor ? pod.Label(monitor["spec"]!.Text("jobLabel"))
                : Assert.Single(rendering.OfKind("Service"), service => pod.Matches(service["spec"]!["selector"])).Name();
            Assert.Equal(pod.Workload, job);
            jobs.Add(job);
        }

        Assert.Equal(["epp", "llm-gateway", "vllm-llama3-8b-instruct"], jobs.Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>A picker with the arguments and rights of the manifests lets in who comes with what the monitor sends, and nobody else.</summary>
    [Theory]
    [MemberData(nameof(OfPickers))]
    public async Task Scrape_AsTheMonitorSays_IsAnswered(string component)
    {
        await using LivePicker picker = await LivePicker.StartWithAsync(server, component);
        string secret = MetricsEndpoint(Monitor(picker.Rendering, Assert.Single(picker.Rendering.Pods)))["authorization"]?["credentials"]?.Text("name") ?? "";

        if (secret.Length == 0)
        {
            (int open, string shown) = await picker.ScrapeAsync();
            Assert.Equal((200, true), (open, shown.Contains("llm_d_epp_info", StringComparison.Ordinal)));
            return;
        }

        // A controller fills the Secret with a token of the account that it names.
        string account = picker.Rendering.Single("Secret", secret)["metadata"]!["annotations"]!.Text("kubernetes.io/service-account.name");
        Assert.Equal(401, (await picker.ScrapeAsync()).Status);
        (int status, string page) = await picker.ScrapeAsync(await picker.TokenAsync(account));
        Assert.Equal((200, true), (status, page.Contains("llm_d_epp_info", StringComparison.Ordinal)));
    }

    // The component of the folder itself, else of the one that it takes the workload from.
    private async Task<string> ComponentAsync(string folder, string workload, params string[] names)
    {
        List<string> found = [];
        foreach (string component in DeployFolders.Components.Where(component => names.Contains(Path.GetFileName(component))))
        {
            string origin = DeployFolders.BaseOf(component);
            if (origin == folder)
            {
                return component;
            }

            if ((await server.RenderAsync(origin)).Pods.Any(pod => pod.Workload == workload))
            {
                found.Add(component);
            }
        }

        return Assert.Single(found);
    }

    private static JsonNode Monitor(Rendering rendering, PodTemplate pod) => Assert.Single(
        rendering.OfKind("PodMonitor").Concat(rendering.OfKind("ServiceMonitor")),
        monitor => Selects(rendering, monitor, pod));

    private static bool Selects(Rendering rendering, JsonNode monitor, PodTemplate pod)
    {
        JsonNode labels = monitor["spec"]!["selector"]!["matchLabels"]!;
        return monitor.Text("kind") == "PodMonitor"
            ? pod.Matches(labels)
            : rendering.OfKind("Service").Any(service => Covers(service["metadata"]!["labels"], labels) && pod.Matches(service["spec"]!["selector"]));
    }

    private static bool Covers(JsonNode? labels, JsonNode wanted) => wanted.AsObject().All(label => labels?[label.Key]?.ToString() == label.Value!.ToString());

    private static JsonNode MetricsEndpoint(JsonNode monitor) =>
        Assert.Single(monitor["spec"].Items("endpoints").Concat(monitor["spec"].Items("podMetricsEndpoints")), endpoint => endpoint.Text("path") == "/metrics");

    private static void ExpectMonitor(Rendering rendering, PodTemplate pod)
    {
        JsonNode monitor = Monitor(rendering, pod);
        JsonNode endpoint = MetricsEndpoint(monitor);
        Assert.Equal(Elsewhere, monitor.Space());
        string port = endpoint.Text("port");
        if (monitor.Text("kind") == "ServiceMonitor")
        {
            JsonNode service = rendering.OfKind("Service").Single(service => Covers(service["metadata"]!["labels"], monitor["spec"]!["selector"]!["matchLabels"]!));
            port = service["spec"].Items("ports").Single(open => open.Text("name") == port).Text("targetPort");
        }

        Assert.Contains(port, Ports(pod).Select(open => open.Text("name")));

        // Only a picker with an API server asks who scrapes it.
        Assert.Equal(pod.Spec.Text("serviceAccountName").Length > 0, endpoint["authorization"] is not null);
    }

    private static void ExpectAnnotations(PodTemplate pod)
    {
        JsonNode annotations = pod.Annotations!;
        Assert.Equal(("true", "/metrics"), (annotations.Text("prometheus.io/scrape"), annotations.Text("prometheus.io/path")));
        Assert.Contains(annotations.Text("prometheus.io/port"), Ports(pod).Select(open => open.Text("containerPort")));
    }

    // Prometheus is let in where a policy guards the pod.
    private static void ExpectWayIn(Rendering rendering, PodTemplate pod)
    {
        foreach (JsonNode policy in rendering.OfKind("NetworkPolicy").Where(policy => pod.Matches(policy["spec"]!["podSelector"]!["matchLabels"])))
        {
            IEnumerable<JsonNode> rules = policy["spec"].Items("ingress").Where(rule => rule.Items("ports").Any(port => port.Text("port") == pod.Annotations!.Text("prometheus.io/port")));
            Assert.Contains(
                rules, rule => rule.Items("from").Any(from => from["namespaceSelector"]?["matchLabels"]?.Text("kubernetes.io/metadata.name") == "monitoring"));
        }
    }

    private static IEnumerable<JsonNode> Ports(PodTemplate pod) => Scraped.Select(pod.Container).OfType<JsonNode>().SelectMany(container => container.Items("ports"));
}

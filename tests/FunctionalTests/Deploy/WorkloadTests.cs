using System.Text.Json.Nodes;

namespace FunctionalTests.Deploy;

/// <summary>Pods are probed, bounded, unprivileged, and given the time that they need to go.</summary>
[Collection(DeployTests.Name)]
public sealed class WorkloadTests(DeployServer server)
{
    private static readonly string[] Probes = ["startupProbe", "livenessProbe", "readinessProbe"];

    public static TheoryData<string> Folders => [.. DeployFolders.All];

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Probes_AskPortsThatAreThere(string folder)
    {
        foreach (PodTemplate pod in (await server.RenderAsync(folder)).Pods)
        {
            foreach (JsonNode container in pod.Containers)
            {
                JsonNode[] probes = [.. Probes.Select(probe => container[probe]).OfType<JsonNode>()];
                Assert.All(probes, probe => Assert.True(pod.HasPort((probe["grpc"] ?? probe["httpGet"])!["port"]!), $"{container.Name(inMetadata: false)}: {probe}"));
                if (container.Name(inMetadata: false) is "epp" or "model-server")
                {
                    Assert.Equal(Probes.Length, probes.Length);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Containers_AreBoundedAndUnprivileged(string folder)
    {
        foreach (PodTemplate pod in (await server.RenderAsync(folder)).Pods)
        {
            Assert.Equal("RuntimeDefault", pod.Spec["securityContext"]!["seccompProfile"]!.Text("type"));
            foreach (JsonNode container in pod.Containers)
            {
                JsonNode security = container["securityContext"]!;
                Assert.Equal("false", security.Text("allowPrivilegeEscalation"));
                Assert.Equal(["ALL"], security["capabilities"].Texts("drop"));
                Assert.NotNull(container["resources"]!["requests"]!["cpu"]);
                Assert.NotNull(container["resources"]!["limits"]!["memory"]);

                // vLLM's image is made for root.
                if (!container.Text("image").Contains("/vllm-openai:", StringComparison.Ordinal))
                {
                    Assert.Equal("true", security.Text("readOnlyRootFilesystem"));
                    Assert.Equal("true", pod.Spec["securityContext"]!.Text("runAsNonRoot"));
                    Assert.Equal("65532", pod.Spec["securityContext"]!.Text("runAsUser"));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task GracePeriod_CoversAllThatIsWaitedFor(string folder)
    {
        foreach (PodTemplate pod in (await server.RenderAsync(folder)).Pods)
        {
            double needed = pod.Containers.Sum(container => Sleep(container) + Waits(container).Sum());
            double granted = double.Parse(pod.Spec.Text("terminationGracePeriodSeconds"), null);
            Assert.True(granted > needed, $"{pod.Workload}: {granted} s for {needed} s");
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Images_AreNamedWithTheirVersion(string folder)
    {
        foreach (JsonNode container in (await server.RenderAsync(folder)).Pods.SelectMany(pod => pod.Containers))
        {
            Assert.Matches("^[a-z0-9.-]+/[a-z0-9/-]+:(v|distroless-v)?[0-9.]+$", container.Text("image"));
        }
    }

    [Fact]
    public async Task Rollout_UnderLeaderElection_WaitsForNoStandby()
    {
        Rendering rendering = await server.RenderAsync("kubernetes/components/leader-election");

        JsonNode update = rendering.Single("Deployment", "epp")["spec"]!["strategy"]!["rollingUpdate"]!;
        Assert.Equal("100%", update.Text("maxUnavailable"));
        Assert.Equal("2", rendering.Single("Deployment", "epp")["spec"]!.Text("replicas"));
        Assert.False(rendering.Has("PodDisruptionBudget", "epp"));
        Assert.False(rendering.Has("HorizontalPodAutoscaler", "epp"));
    }

    private static double Sleep(JsonNode container) => double.Parse(container["lifecycle"]?["preStop"]?["sleep"]?.Text("seconds") ?? "0", null);

    private static IEnumerable<double> Waits(JsonNode container)
    {
        string[] names = ["--drain-timeout", "--drain-limit", "--shutdown-timeout"];
        foreach (string[] argument in container.Texts("args").Select(argument => argument.Split('=')).Where(argument => names.Contains(argument[0])))
        {
            string value = argument[1];
            yield return double.Parse(value.TrimEnd('s', 'm'), null) * (value.EndsWith('m') ? 60 : 1);
        }
    }
}

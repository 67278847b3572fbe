using Testing;

namespace FunctionalTests.Cluster;

/// <summary>A namespace, and the objects that a test makes there.</summary>
internal sealed class ClusterSpace(TestApi api, string name)
{
    public string Name { get; } = name;

    /// <summary>Makes a pod that is ready, or changes it.</summary>
    public async Task PodAsync(string pod, string address, string app = "vllm", string activePorts = "")
    {
        string annotations = activePorts.Length > 0 ? $", annotations: {{ llm-d.ai/active-ports: \"{activePorts}\" }}" : "";
        await api.ApplyAsync($$"""
            apiVersion: v1
            kind: Pod
            metadata: { name: {{pod}}, namespace: {{Name}}, labels: { app: {{app}} }{{annotations}} }
            spec: { containers: [{ name: server, image: example.com/server }] }
            """);
        await StatusAsync(pod, "True", address);
    }

    /// <summary>Sets a pod's readiness and address, as its kubelet would.</summary>
    public Task StatusAsync(string pod, string ready, string address) => RunAsync(
        $$$"""patch pod {{{pod}}} --subresource=status --type=merge -p {"status":{"phase":"Running","podIP":"{{{address}}}","conditions":[{"type":"Ready","status":"{{{ready}}}"}]}}""");

    /// <summary>Makes a pool of the stable version, or changes it.</summary>
    public Task PoolAsync(string pool = "pool", string app = "vllm", string ports = "8000", string more = "") => api.ApplyAsync($$"""
        apiVersion: inference.networking.k8s.io/v1
        kind: InferencePool
        metadata: { name: {{pool}}, namespace: {{Name}}, labels: { served: "yes" } }
        spec:
          selector: { matchLabels: { app: {{app}} } }
          targetPorts: [{{string.Join(", ", ports.Split(',').Select(port => $"{{ number: {port} }}"))}}]
          endpointPickerRef: { name: epp, port: { number: 9002 } }
          {{more}}
        """);

    /// <summary>Makes an objective, or changes it.</summary>
    public Task ObjectiveAsync(string name, int priority, string group = "llm-d.ai") => api.ApplyAsync($$"""
        apiVersion: {{group}}/v1alpha2
        kind: InferenceObjective
        metadata: { name: {{name}}, namespace: {{Name}} }
        spec: { priority: {{priority}}, poolRef: { name: pool } }
        """);

    /// <summary>Runs kubectl in the namespace; it has to succeed.</summary>
    /// <param name="arguments">Arguments without blanks in them.</param>
    public async Task RunAsync(string arguments)
    {
        KubectlResult result = await api.KubectlAsync($"-n {Name} {arguments}");
        Assert.True(result.ExitCode == 0, result.Error);
    }
}

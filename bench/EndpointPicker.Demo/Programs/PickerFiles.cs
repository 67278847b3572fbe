namespace EndpointPicker.Demo.Programs;

/// <summary>The picker's configuration for this run, in a folder that goes with it.</summary>
internal sealed class PickerFiles : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("epp-demo-").FullName;

    public PickerFiles(IReadOnlyList<Pod> pods)
    {
        string endpoints = PathOf("endpoints.yaml");
        File.WriteAllText(endpoints, "endpoints:\n" + string.Concat(pods.Select(pod => $"- name: {pod.Name}\n  address: 127.0.0.1\n  port: \"{pod.Port}\"\n")));
        Configuration = PathOf("config.yaml");
        File.WriteAllText(Configuration, $"""
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            plugins:
            - type: queue-scorer
            - type: kv-cache-utilization-scorer
            - type: lora-affinity-scorer
            - type: prefix-cache-scorer
            - type: max-score-picker
            - type: file-discovery
              parameters:
                path: {endpoints}
            schedulingProfiles:
            - name: default
              plugins:
              - pluginRef: queue-scorer
                weight: 2
              - pluginRef: kv-cache-utilization-scorer
                weight: 2
              - pluginRef: lora-affinity-scorer
                weight: 1
              - pluginRef: prefix-cache-scorer
                weight: 3
              - pluginRef: max-score-picker
            dataLayer:
              discovery:
                pluginRef: file-discovery
            """);
    }

    /// <summary>The path of the EndpointPickerConfig.</summary>
    public string Configuration { get; }

    public string PathOf(string name) => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

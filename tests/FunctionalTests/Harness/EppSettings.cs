namespace FunctionalTests.Harness;

/// <summary>How a test's picker is configured.</summary>
internal sealed record EppSettings
{
    /// <summary>Flags beside the usual ones.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>Whether the ext_proc port takes TLS.</summary>
    public bool Tls { get; init; }

    /// <summary>The ext_proc port, for a picker that is to be started again; 0 for any.</summary>
    public int GrpcPort { get; init; }

    /// <summary>How many endpoints an answer lists.</summary>
    public int Picks { get; init; } = 1;

    /// <summary>Whether a change of the endpoints' file is followed.</summary>
    public bool WatchFile { get; init; }

    /// <summary>Environment variables beside those of the test.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string Configuration(string endpointsFile) => $$"""
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: queue-scorer
        - type: kv-cache-utilization-scorer
        - type: lora-affinity-scorer
        - type: prefix-cache-scorer
        - type: max-score-picker
          parameters:
            maxNumOfEndpoints: {{Picks}}
        - type: file-discovery
          parameters:
            path: {{endpointsFile}}
            watchFile: {{(WatchFile ? "true" : "false")}}
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
        """;
}

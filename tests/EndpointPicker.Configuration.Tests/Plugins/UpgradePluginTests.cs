using EndpointPicker.Configuration.Loading;
using EndpointPicker.Configuration.Plugins;
using Testing;

namespace EndpointPicker.Configuration.Tests.Plugins;

/// <summary>What docs/upgrade.md says of the reference's plugins is what the loader does with them.</summary>
public sealed class UpgradePluginTests
{
    // The reference's catalogue, deprecated names included.
    private static readonly string[] OfTheReference =
    [
        "queue-scorer", "running-requests-size-scorer", "kv-cache-utilization-scorer", "lora-affinity-scorer", "load-aware-scorer", "prefix-cache-scorer",
        "precise-prefix-cache-scorer", "active-request-scorer", "token-load-scorer", "context-length-aware", "session-affinity-scorer", "no-hit-lru-scorer",
        "header-label-affinity-scorer", "endpoint-attribute-scorer", "topology-affinity-scorer", "mm-embeddings-cache-scorer", "latency-scorer",
        "multicluster-queue-scorer", "multicluster-kv-cache-utilization-scorer", "multicluster-prefix-cache-scorer",
        "max-score-picker", "random-picker", "weighted-random-picker",
        "decode-filter", "prefill-filter", "encode-filter", "label-selector-filter", "by-label-selector", "by-label", "session-affinity-filter", "topology-affinity-filter",
        "utilization-filter", "endpoint-attribute-filter", "prefix-cache-affinity-filter", "slo-headroom-tier-filter", "header-based-testing-filter",
        "multicluster-session-affinity-filter", "disaggregatedset-rollout-screener", "utilization-detector", "concurrency-detector",
        "single-profile-handler", "header-profile-handler", "data-parallel-profile-handler", "disagg-profile-handler", "pd-profile-handler", "disagg-headers-handler",
        "prefill-header-handler", "prefix-based-pd-decider", "always-disagg-pd-decider", "always-disagg-multimodal-decider",
        "token-producer", "tokenizer", "approx-prefix-cache-producer", "precise-prefix-cache-producer", "inflight-load-producer", "predicted-latency-producer",
        "mm-embeddings-cache-producer", "burst-prefix-cache-producer", "p2p-source-producer", "session-id-producer", "multicluster-approx-prefix-cache-producer",
        "latency-slo-admitter", "probabilistic-admitter", "agent-identity", "request-attribute-reporter", "destination-endpoint-served-verifier",
        "global-strict-fairness-policy", "round-robin-fairness-policy", "program-aware-fairness", "fcfs-ordering-policy", "edf-ordering-policy",
        "slo-deadline-ordering-policy", "static-usage-limit-policy", "priority-holdback-policy", "soft-reflective-ceiling-policy", "sheddable-eviction-filter",
        "priority-then-time-eviction-order-policy",
        "openai-parser", "anthropic-parser", "vllmhttp-parser", "sglanghttp-parser", "vllmgrpc-parser", "vertexai-parser", "passthrough-parser",
        "metrics-data-source", "core-metrics-extractor", "dcgm-data-source", "dcgm-extractor", "models-data-source", "models-data-extractor", "topology-extractor",
        "k8s-notification-source", "endpoint-notification-source", "multicluster-metrics-data-source", "multicluster-metrics-extractor",
        "file-discovery", "multicluster-file-discovery",
    ];

    private static readonly IReadOnlyList<(string Name, string Word)> Rows = DocumentTable.Read("upgrade.md", "Plugins");

    [Fact]
    public void Table_HasEveryPluginOfTheReferenceOnce() => Assert.Equal(OfTheReference.Order(StringComparer.Ordinal), Rows.Select(row => row.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Word_IsWhatTheLoaderDoes() => Assert.All(Rows, row =>
    {
        Assert.Contains(row.Word, (string[])["same", "better", "part", "not built"]);
        Assert.Equal(row.Word != "not built", ShippedPlugins.Catalog.TryFind(row.Name, out _));
        string[] told = [.. ConfigurationLoader.LoadText($"plugins:\n- type: {row.Name}\n", new LoadSettings()).Diagnostics.Select(finding => finding.ToString())];
        Assert.Equal(row.Word == "not built", told.Any(text => text.Contains($"plugin type '{row.Name}' of the reference is not built here yet", StringComparison.Ordinal)));
        Assert.DoesNotContain(told, text => text.Contains("unknown plugin type", StringComparison.Ordinal));
    });
}

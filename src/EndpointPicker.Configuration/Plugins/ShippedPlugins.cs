using EndpointPicker.Configuration.Catalog;

namespace EndpointPicker.Configuration.Plugins;

/// <summary>Every plugin type of this program, one line each, and the types of the reference that are still to come.</summary>
internal static class ShippedPlugins
{
    private static readonly PluginType[] Built =
    [
        new QueueScorerType(),
        new RunningRequestsSizeScorerType(),
        new KvCacheUtilizationScorerType(),
        new LoraAffinityScorerType(),
        new LoadAwareScorerType(),
        new ActiveRequestScorerType(),
        new TokenLoadScorerType(),
        new PrefixCacheScorerType(),
        new NoHitLruScorerType(),
        new LabelSelectorFilterType(),
        new ByLabelFilterType(),
        new UtilizationFilterType(),
        new MaxScorePickerType(),
        new RandomPickerType(),
        new WeightedRandomPickerType(),
        new SingleProfileHandlerType(),
        new ApproxPrefixCacheProducerType(),
        new TokenProducerType(),
        new InflightLoadProducerType(),
        new OpenAIParserType(),
        new AnthropicParserType(),
        new VllmHttpParserType(),
        new SglangHttpParserType(),
        new PassthroughParserType(),
        new MetricsDataSourceType(),
        new CoreMetricsExtractorType(),
        new FileDiscoveryType(),
        new UtilizationDetectorType(),
        new FcfsOrderingPolicyType(),
        new GlobalStrictFairnessPolicyType(),
        new StaticUsageLimitPolicyType(),
    ];

    private static readonly string[] NotBuilt =
    [
        "precise-prefix-cache-scorer", "context-length-aware", "session-affinity-scorer", "header-label-affinity-scorer", "endpoint-attribute-scorer",
        "topology-affinity-scorer", "mm-embeddings-cache-scorer", "latency-scorer", "multicluster-queue-scorer",
        "multicluster-kv-cache-utilization-scorer", "multicluster-prefix-cache-scorer",
        "decode-filter", "prefill-filter", "encode-filter", "session-affinity-filter", "topology-affinity-filter", "endpoint-attribute-filter",
        "prefix-cache-affinity-filter", "slo-headroom-tier-filter", "concurrency-detector", "header-based-testing-filter",
        "multicluster-session-affinity-filter", "disaggregatedset-rollout-screener",
        "header-profile-handler", "data-parallel-profile-handler", "disagg-profile-handler", "pd-profile-handler", "disagg-headers-handler",
        "prefill-header-handler", "prefix-based-pd-decider", "always-disagg-pd-decider", "always-disagg-multimodal-decider",
        "precise-prefix-cache-producer", "predicted-latency-producer", "mm-embeddings-cache-producer", "burst-prefix-cache-producer",
        "p2p-source-producer", "session-id-producer", "multicluster-approx-prefix-cache-producer",
        "latency-slo-admitter", "probabilistic-admitter", "agent-identity", "request-attribute-reporter", "destination-endpoint-served-verifier",
        "round-robin-fairness-policy", "program-aware-fairness", "edf-ordering-policy", "slo-deadline-ordering-policy", "priority-holdback-policy",
        "soft-reflective-ceiling-policy", "sheddable-eviction-filter", "priority-then-time-eviction-order-policy",
        "vllmgrpc-parser", "vertexai-parser",
        "dcgm-data-source", "dcgm-extractor", "models-data-source", "models-data-extractor", "topology-extractor", "k8s-notification-source",
        "endpoint-notification-source", "multicluster-metrics-data-source", "multicluster-metrics-extractor", "multicluster-file-discovery",
    ];

    public static PluginCatalog Catalog { get; } = new(Built, NotBuilt);
}

namespace EndpointPicker.Configuration.DataLayer;

/// <summary>The engines whose metrics are known without configuration.</summary>
public static class BuiltInEngines
{
    /// <summary>vLLM, SGLang, TensorRT-LLM (own server and under Triton) and Triton.</summary>
    public static IReadOnlyList<EngineMetrics> All { get; } =
    [
        new EngineMetrics
        {
            Name = "vllm",
            QueuedRequests = Family("vllm:num_requests_waiting"),
            RunningRequests = Family("vllm:num_requests_running"),
            KvUsage = Family("vllm:kv_cache_usage_perc"),
            Lora = Family("vllm:lora_requests_info"),
            CacheInfo = Family("vllm:cache_config_info"),
            CacheBlockSizeLabel = "block_size",
            CacheBlocksLabel = "num_gpu_blocks",
        },
        new EngineMetrics
        {
            Name = "sglang",
            QueuedRequests = Family("sglang:num_queue_reqs"),
            RunningRequests = Family("sglang:num_running_reqs"),
            KvUsage = Family("sglang:token_usage"),
            CacheInfo = Family("sglang:cache_config_info"),
            CacheBlockSizeLabel = "page_size",
            CacheBlocksLabel = "num_pages",

            // Versions that were looked at show these and no cache_config_info.
            CacheBlockSize = Family("sglang:page_size"),
            CacheBlocks = Family("sglang:num_pages"),
        },
        new EngineMetrics
        {
            Name = "trtllm-serve",
            QueuedRequests = Family("trtllm_num_requests_waiting"),
            RunningRequests = Family("trtllm_num_requests_running"),
            KvUsage = Family("trtllm_kv_cache_utilization"),
            CacheBlockSize = Family("trtllm_kv_cache_tokens_per_block"),
            CacheBlocks = Family("trtllm_kv_cache_max_blocks"),
        },
        new EngineMetrics
        {
            Name = "triton-tensorrt-llm",
            QueuedRequests = Family("nv_trt_llm_request_metrics", "request_type", "waiting"),
            RunningRequests = Family("nv_trt_llm_request_metrics", "request_type", "scheduled"),
            KvUsage = Family("nv_trt_llm_kv_cache_block_metrics", "kv_cache_block_type", "fraction"),
            CacheBlockSize = Family("nv_trt_llm_kv_cache_block_metrics", "kv_cache_block_type", "tokens_per"),
            CacheBlocks = Family("nv_trt_llm_kv_cache_block_metrics", "kv_cache_block_type", "max"),
        },
        new EngineMetrics
        {
            Name = "triton",
            QueuedRequests = Family("nv_inference_pending_request_count"),
            RunningRequests = Family("nv_inference_exec_count"),
        },
    ];

    private static MetricSpec Family(string family) => new(family, []);

    private static MetricSpec Family(string family, string label, string value) => new(family, [(label, value)]);
}

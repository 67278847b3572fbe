using System.Buffers;
using System.Globalization;

namespace ModelServerSimulator.Metrics;

/// <summary>The body of <c>GET /metrics</c>: the families, labels and order of a vLLM 0.32 page, without those of its Python process.</summary>
internal static class MetricsPage
{
    private static readonly string[] CacheTiers = ["device", "host", "p2p", "disk", "external_unspecified"];
    private static readonly string[] UnusedReasons = ["abort", "error", "repetition"];

    public static void Write(EngineMetrics metrics, in CacheShape shape, IBufferWriter<byte> output)
    {
        var page = new PageWriter(metrics, output);
        WriteEstimates(page);
        WriteLoad(page, metrics);
        WriteCaches(page, metrics);
        WriteTokens(page, metrics);
        WriteRequests(page, metrics);
        foreach (Histogram histogram in metrics.Histograms)
        {
            page.Histogram(histogram);
        }

        WriteConfiguration(page, metrics, shape);
    }

    // Zero in a real page too, unless the engine was told to estimate.
    private static void WriteEstimates(PageWriter page)
    {
        const string Purpose = "(for Model Flops Utilization calculations).";
        page.Counter("estimated_flops_per_gpu", "Estimated number of floating point operations per GPU " + Purpose, 0);
        page.Counter("estimated_read_bytes_per_gpu", "Estimated number of bytes read from memory per GPU " + Purpose, 0);
        page.Counter("estimated_write_bytes_per_gpu", "Estimated number of bytes written to memory per GPU " + Purpose, 0);
    }

    private static void WriteLoad(PageWriter page, EngineMetrics metrics)
    {
        page.Gauge("num_requests_running", "Number of requests in model execution batches.", metrics.Running);
        page.Gauge("num_requests_waiting", "Number of requests waiting to be processed.", metrics.WaitingForCapacity + metrics.Deferred);
        page.Gauge(
            "num_requests_waiting_by_reason",
            "Number of waiting requests by reason. Reason labels: 'capacity' = waiting for scheduling capacity; 'deferred' = deferred by transient "
            + "constraints (LoRA budget, KV transfer, blocked status). Sum of all reasons equals vllm:num_requests_waiting.",
            "reason",
            ("capacity", metrics.WaitingForCapacity),
            ("deferred", metrics.Deferred));
        page.Gauge(
            "engine_sleep_state",
            "Engine sleep state; awake = 0 means engine is sleeping; awake = 1 means engine is awake; weights_offloaded = 1 means sleep level 1; "
            + "discard_all = 1 means sleep level 2.",
            "sleep_state",
            ("awake", 1),
            ("weights_offloaded", 0),
            ("discard_all", 0));
        page.Gauge("kv_cache_usage_perc", "KV-cache usage. 1 means 100 percent usage.", metrics.CacheUsage);
    }

    private static void WriteCaches(PageWriter page, EngineMetrics metrics)
    {
        const string Sharing = "from KV connector cross-instance cache sharing, in terms of number of";
        page.Counter("prefix_cache_queries", "Prefix cache queries, in terms of number of queried tokens.", metrics.PrefixQueries);
        page.Counter("prefix_cache_hits", "Prefix cache hits, in terms of number of cached tokens.", metrics.PrefixHits);
        page.Counter("external_prefix_cache_queries", $"External prefix cache queries {Sharing} queried tokens.", 0);
        page.Counter("external_prefix_cache_hits", $"External prefix cache hits {Sharing} cached tokens.", 0);
        page.Counter("mm_cache_queries", "Multi-modal cache queries, in terms of number of queried items.", 0);
        page.Counter("mm_cache_hits", "Multi-modal cache hits, in terms of number of cached items.", 0);
        page.Counter("num_preemptions", "Cumulative number of preemption from the engine.", metrics.Preemptions);
    }

    private static void WriteTokens(PageWriter page, EngineMetrics metrics)
    {
        page.Counter("prompt_tokens", "Number of prefill tokens processed.", metrics.PromptTokens);
        page.Counter(
            "prompt_tokens_by_source",
            "Number of prompt tokens by source.",
            "source",
            ("local_compute", metrics.PromptTokens - metrics.CachedPromptTokens),
            ("local_cache_hit", metrics.CachedPromptTokens),
            ("external_kv_transfer", 0));
        page.Counter("prompt_tokens_cached", "Number of cached prompt tokens (local + external).", metrics.CachedPromptTokens);
        page.Counter(
            "prompt_tokens_cached_by_source",
            "Prefix-cache hit tokens by the cache tier that supplied them: device (local HBM), host (offloaded to DRAM), disk, p2p (transferred "
            + "from another vLLM instance) or external_unspecified. Counted at admission; sums to vllm:prefix_cache_hits + "
            + "vllm:external_prefix_cache_hits.",
            "source",
            [.. CacheTiers.Select(tier => (tier, tier == "device" ? (double)metrics.PrefixHits : 0))]);
        page.Counter("generation_tokens", "Number of generation tokens processed.", metrics.GenerationTokens);
    }

    private static void WriteRequests(PageWriter page, EngineMetrics metrics)
    {
        page.Counter(
            "request_success",
            "Count of successfully processed requests.",
            "finished_reason",
            [("stop", metrics.Stopped), ("length", metrics.ReachedLength), .. UnusedReasons.Select(reason => (reason, 0.0))]);
        page.CounterWithoutEngine(
            "admission_rejections",
            "Number of admission attempts rejected by a queue limit, by reason.",
            "reason",
            ("max_num_queued_reqs", 0),
            ("max_num_queued_tokens", 0));
    }

    private static void WriteLoraRequests(PageWriter page, EngineMetrics metrics, int maxLoras)
    {
        page.Family("lora_requests_info", "gauge", "Running stats on lora requests.");
        foreach ((string adapters, double seenAt) in metrics.LoraRequests)
        {
            page.Sample("lora_requests_info", $"max_lora=\"{maxLoras}\",running_lora_adapters=\"{adapters}\",waiting_lora_adapters=\"{adapters}\"", seenAt);
        }
    }

    private static void WriteConfiguration(PageWriter page, EngineMetrics metrics, in CacheShape shape)
    {
        if (shape.MaxLoras > 0)
        {
            WriteLoraRequests(page, metrics, shape.MaxLoras);
        }

        int tokens = shape.BlockSize * shape.NumGpuBlocks;
        string concurrency = PrometheusText.Number((double)tokens / shape.MaxModelLength);
        page.Family("cache_config_info", "gauge", "Information of the LLMEngine CacheConfig");
        page.Sample("cache_config_info", string.Create(CultureInfo.InvariantCulture, $"""
            _block_size_resolved="True",block_size="{shape.BlockSize}",cache_dtype="auto",cache_hit_alignment_tokens="None",effective_attention_block_size="{shape.BlockSize}",enable_mamba_shared_prefix_checkpoint="False",enable_prefix_caching="True",engine="{metrics.Rank}",gpu_memory_utilization="0.92",hash_block_size="None",is_attention_free="False",kv_cache_dtype_skip_layers="[]",kv_cache_layout="None",kv_cache_max_concurrency="{concurrency}",kv_cache_memory_bytes="None",kv_cache_size_tokens="{tokens}",kv_offloading_backend="native",kv_offloading_size="None",kv_sharing_fast_prefill="False",mamba_block_size="None",mamba_cache_dtype="auto",mamba_cache_mode="none",mamba_page_size_padded="None",mamba_ssm_cache_dtype="float32",num_cpu_blocks="None",num_gpu_blocks="{shape.NumGpuBlocks}",num_gpu_blocks_override="{shape.NumGpuBlocks}",prefix_cache_retention_interval="0",prefix_caching_hash_algo="sha256",prefix_match_unit="None",replayssm_buffer_len="16",skip_page_size_padded="None",sliding_window="None",swa_bounded_replay="True",use_kda_recoverssm="False",use_replayssm="False",user_specified_block_size="True"
            """), 1);
    }
}

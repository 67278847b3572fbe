namespace EndpointPicker.Hosting.Metrics;

/// <summary>Which families the reference still writes twice, by the current name.</summary>
internal static class LegacyTwins
{
    private static readonly (string, string)[] Models = [("model_name", "model_name"), ("target_model_name", "target_model_name")];
    private static readonly (string, string)[] Pool = [("name", "name")];

    private static readonly Dictionary<string, LegacyTwin> ByName = new(StringComparer.Ordinal)
    {
        ["llm_d_epp_request_total"] = new("inference_objective_request_total",
            [("model_name", "model_name"), ("target_model_name", "target_model_name"), ("priority", "priority")]),
        ["llm_d_epp_request_error_total"] = new("inference_objective_request_error_total",
            [("model_name", "model_name"), ("target_model_name", "target_model_name"), ("error_code", "error_code")]),
        ["llm_d_epp_request_duration_seconds"] = new("inference_objective_request_duration_seconds", Models),
        ["llm_d_epp_request_size_bytes"] = new("inference_objective_request_sizes", Models),
        ["llm_d_epp_response_size_bytes"] = new("inference_objective_response_sizes", Models),
        ["llm_d_epp_request_input_tokens"] = new("inference_objective_input_tokens", Models),
        ["llm_d_epp_request_output_tokens"] = new("inference_objective_output_tokens", Models),
        ["llm_d_epp_request_cached_tokens"] = new("inference_objective_prompt_cached_tokens", Models),
        ["llm_d_epp_request_running"] = new("inference_objective_running_requests", [("model_name", "model_name")]),
        ["llm_d_epp_request_ntpot_seconds"] = new("inference_objective_normalized_time_per_output_token_seconds", Models),
        ["llm_d_epp_average_kv_cache_utilization"] = new("inference_pool_average_kv_cache_utilization", Pool),
        ["llm_d_epp_average_queue_size"] = new("inference_pool_average_queue_size", Pool),
        ["llm_d_epp_average_running_requests"] = new("inference_pool_average_running_requests", Pool),
        ["llm_d_epp_ready_endpoints"] = new("inference_pool_ready_pods", Pool),
        ["llm_d_epp_per_endpoint_queue_size"] = new("inference_pool_per_pod_queue_size",
            [("name", "name"), ("model_server_pod", "model_server_endpoint")], Marked: false),
        ["llm_d_epp_scheduler_e2e_duration_seconds"] = new("inference_extension_scheduler_e2e_duration_seconds", []),
        ["llm_d_epp_scheduler_attempts_total"] = new("inference_extension_scheduler_attempts_total",
            [("status", "status"), ("target_model_name", "target_model_name"), ("pod_name", "endpoint_name"), ("namespace", "namespace"), ("port", "port")]),
        ["llm_d_epp_plugin_duration_seconds"] = new("inference_extension_plugin_duration_seconds",
            [("extension_point", "extension_point"), ("plugin_type", "plugin_type"), ("plugin_name", "plugin_name")]),
        ["llm_d_epp_model_rewrite_decisions_total"] = new("inference_extension_model_rewrite_decisions_total",
            [("model_rewrite_name", "model_rewrite_name"), ("model_name", "model_name"), ("target_model", "target_model")], Marked: false),
        ["llm_d_epp_info"] = new("inference_extension_info", [("commit", "commit"), ("build_ref", "build_ref")], Marked: false),
        ["llm_d_epp_datalayer_poll_errors_total"] = new("llm_d_inference_scheduler_datalayer_poll_errors_total", [("source_type", "source_type")]),
        ["llm_d_epp_datalayer_extract_errors_total"] = new("llm_d_inference_scheduler_datalayer_extract_errors_total",
            [("source_type", "source_type"), ("extractor_type", "extractor_type")]),
        ["llm_d_epp_prefix_indexer_size"] = new("inference_extension_prefix_indexer_size", []),
        ["llm_d_epp_prefix_indexer_hit_ratio"] = new("inference_extension_prefix_indexer_hit_ratio",
            [("plugin_name", "plugin_name"), ("plugin_type", "plugin_type")]),
        ["llm_d_epp_prefix_indexer_hit_bytes"] = new("inference_extension_prefix_indexer_hit_bytes",
            [("plugin_name", "plugin_name"), ("plugin_type", "plugin_type")]),
    };

    public static LegacyTwin? Of(string name) => ByName.GetValueOrDefault(name);
}

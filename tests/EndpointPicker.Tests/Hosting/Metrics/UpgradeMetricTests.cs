using System.Text.RegularExpressions;
using Testing;

namespace EndpointPicker.Tests.Hosting.Metrics;

/// <summary>What docs/upgrade.md says of the reference's metrics is what docs/metrics.md has, whose table is that of a live page.</summary>
public sealed partial class UpgradeMetricTests
{
    private const string Request = "model_name target_model_name fairness_id priority";

    // The reference's families with their labels, a blank between two; without labels where docs/metrics.md speaks of the family in its text alone.
    private static readonly (string Name, string? Labels)[] OfTheReference =
    [
        .. ((string[])
        [
            "request_total", "request_duration_seconds", "request_size_bytes", "response_size_bytes", "request_input_tokens", "request_output_tokens", "request_cached_tokens",
            "request_running", "request_ntpot_seconds", "request_streaming_tpot_seconds", "request_streaming_itl_seconds",
        ]).Select(name => (name, (string?)Request)),
        ("request_error_total", $"{Request} error_code"),
        ("request_ttft_seconds", $"{Request} streaming"),
        .. ((string[])
        [
            "average_kv_cache_utilization", "average_queue_size", "average_running_requests", "std_dev_kv_cache_utilization", "std_dev_queue_size",
            "std_dev_running_requests", "ready_endpoints",
        ]).Select(name => (name, (string?)"name")),
        ("per_endpoint_queue_size", "name model_server_endpoint"),
        ("scheduler_e2e_duration_seconds", ""),
        ("scheduler_attempts_total", "status target_model_name endpoint_name namespace port"),
        ("plugin_duration_seconds", "extension_point plugin_type plugin_name"),
        ("plugin_data_scope_violations_total", null),
        ("request_processing_duration_seconds", ""),
        ("response_processing_duration_seconds", ""),
        ("info", "commit build_ref"),
        ("model_rewrite_decisions_total", null),
        ("datalayer_poll_errors_total", "source_type"),
        ("datalayer_extract_errors_total", "source_type extractor_type"),
        ("extproc_streams_inflight", ""),
        ("extproc_stream_duration_seconds", ""),
        ("extproc_streams_total", "code"),
        .. ((string[])["prefix_indexer_size", "prefix_indexer_hit_ratio", "prefix_indexer_hit_bytes"]).Select(name => (name, (string?)"plugin_name plugin_type")),
        .. ((string[])
        [
            "inflight_requests", "inflight_tokens",
            "flow_control_request_queue_duration_seconds", "flow_control_dispatch_cycle_duration_seconds", "flow_control_request_enqueue_duration_seconds",
            "flow_control_queue_size", "flow_control_queue_bytes", "flow_control_pool_saturation", "flow_control_stale_endpoints",
            "flow_control_capacity_utilization_requests", "flow_control_capacity_utilization_bytes", "flow_control_global_capacity_utilization_requests",
            "flow_control_global_capacity_utilization_bytes", "flow_control_requests_total", "flow_control_revocations_issued_total", "flow_control_revocations_total",
            "flow_control_reclaim_target", "flow_control_pending_reclaim", "flow_control_revocation_confirmation_seconds",
            "encoder_cache_queries_total", "encoder_cache_hits_total", "encoder_cache_hit_ratio", "inference_request_metric", "request_predicted_ttft_seconds",
            "request_ttft_prediction_duration_seconds", "request_predicted_tpot_seconds", "request_tpot_prediction_duration_seconds", "request_slo_violation_total",
            "disagg_decision_total", "pd_decision_total", "disaggregatedset_strict_header_no_match_total", "disaggregatedset_revision_gating_share",
            "program_aware_jains_fairness_index", "program_aware_avg_wait_time_milliseconds", "program_aware_attained_service_tokens",
            "kv_cache_index_admissions_total", "kv_cache_index_evictions_total", "kv_cache_index_lookup_requests_total", "kv_cache_index_lookup_hits_total",
            "kv_cache_index_max_pod_hit_count_total", "kv_cache_index_lookup_latency_seconds", "kv_cache_events_dedup_removed_hashes_suppressed_total",
            "kv_cache_events_dedup_removed_hashes_forwarded_total", "kv_cache_events_stores_skipped_total", "kv_cache_events_removals_skipped_total",
            "kv_cache_events_active_subscribers", "kv_cache_events_subscriber_reconnections_total", "kv_cache_events_messages_received_total",
            "kv_cache_events_zmq_errors_total", "kv_cache_events_pool_queue_depth", "kv_cache_events_pool_capacity",
        ]).Select(name => (name, (string?)null)),
    ];

    private static readonly IReadOnlyList<(string Name, string Word)> Rows = DocumentTable.Read("upgrade.md", "Metrics");
    private static readonly string Documented = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "metrics.md"));

    [Fact]
    public void Table_JudgesEveryFamilyOfTheReferenceAndOfOurs()
    {
        Assert.All(OfTheReference, family => Assert.Contains(Rows, row => Covers(row.Name, family.Name)));
        Assert.All(Rows, row => Assert.Equal(row.Word != "ours", OfTheReference.Any(family => Covers(row.Name, family.Name))));
        Assert.All(LiveFamily().Matches(Documented).Select(match => match.Groups[1].Value), live => Assert.Contains(Rows, row => row.Name == live && row.Word is "same" or "ours"));
        Assert.All(Rows.Where(row => row.Word == "ours"), row => Assert.Matches($"`(llm_d_epp_)?{row.Name}`", Documented));
        Assert.Equal(Rows.Count, Rows.Select(row => row.Name).Distinct().Count());
    }

    [Fact]
    public void Same_HasTheReferencesLabels()
    {
        foreach ((string name, string? labels) in OfTheReference.Where(family => Rows.Any(row => row.Word == "same" && row.Name == family.Name)))
        {
            string? live = Documented.Split('\n').SingleOrDefault(line => line.StartsWith($"| `llm_d_epp_{name}` |", StringComparison.Ordinal));
            Assert.True(live is not null || Documented.Contains($"`{name}`", StringComparison.Ordinal) || Documented.Contains($"`llm_d_epp_{name}`", StringComparison.Ordinal), name);
            Assert.Equal(labels is not null, live is not null);
            Assert.Equal(labels ?? "", string.Join(' ', Label().Matches(live?.Split('|')[3] ?? "").Select(match => match.Groups[1].Value)));
        }
    }

    [Fact]
    public void Absent_IsNotOnTheLivePage() => Assert.All(
        OfTheReference.Where(family => Rows.Any(row => row.Word == "absent" && Covers(row.Name, family.Name))),
        family => Assert.DoesNotContain($"llm_d_epp_{family.Name}`", Documented, StringComparison.Ordinal));

    private static bool Covers(string row, string family) => row.EndsWith('*') ? family.StartsWith(row[..^1], StringComparison.Ordinal) : row == family;

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Label();

    [GeneratedRegex(@"^\| `llm_d_epp_([a-z0-9_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex LiveFamily();
}

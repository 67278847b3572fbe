using ModelServerSimulator.Metrics;

namespace ModelServerSimulator.Http;

/// <summary>
/// The ORCA load report that vLLM puts into the <c>endpoint-load-metrics</c> header of an answer whose request asks for it in
/// <c>endpoint-load-metrics-format</c>: waiting requests and KV-cache use, on whole answers alone.
/// </summary>
internal static class LoadReport
{
    public static void Write(HttpContext context, in EngineLoad load)
    {
        string waiting = PrometheusText.Number(load.Waiting);
        string cache = PrometheusText.Number(load.CacheUsage);
        string format = context.Request.Headers["endpoint-load-metrics-format"].ToString();
        if (format.Equals("TEXT", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Headers["endpoint-load-metrics"] = $"TEXT named_metrics.num_requests_waiting={waiting}, named_metrics.kv_cache_usage_perc={cache}";
        }
        else if (format.Equals("JSON", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Headers["endpoint-load-metrics"] =
                $"JSON {{\"named_metrics\": {{\"num_requests_waiting\": {waiting}, \"kv_cache_usage_perc\": {cache}}}}}";
        }
    }
}

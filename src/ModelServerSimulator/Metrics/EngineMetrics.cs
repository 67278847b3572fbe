namespace ModelServerSimulator.Metrics;

/// <summary>The engine's gauges, counters and histograms; gauges are as of the end of the last step, as vLLM's are.</summary>
internal sealed class EngineMetrics(string model, int rank, double startedAt)
{
    private static readonly double[] TokenBounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
    private static readonly double[] StepBounds = [1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384];
    private static readonly double[] CountBounds = [1, 2, 5, 10, 20];
    private static readonly double[] PreemptionBounds = [1, 2, 3, 4, 5, 10, 20];
    private static readonly double[] FirstTokenBounds =
        [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560];

    private static readonly double[] TokenLatencyBounds =
        [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80];

    private static readonly double[] RequestLatencyBounds =
        [0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680];

    private readonly Histogram _promptTokens = new("request_prompt_tokens", "Number of prefill tokens processed.", TokenBounds);
    private readonly Histogram _generationTokens = new("request_generation_tokens", "Number of generation tokens processed.", TokenBounds);
    private readonly Histogram _maxGenerationTokens =
        new("request_max_num_generation_tokens", "Histogram of maximum number of requested generation tokens.", TokenBounds);

    private readonly Histogram _choices = new("request_params_n", "Histogram of the n request parameter.", CountBounds);
    private readonly Histogram _maxTokens = new("request_params_max_tokens", "Histogram of the max_tokens request parameter.", TokenBounds);
    private readonly Histogram _perOutputToken =
        new("request_time_per_output_token_seconds", "Histogram of time_per_output_token_seconds per request.", TokenLatencyBounds);

    private readonly Histogram _endToEnd = new("e2e_request_latency_seconds", "Histogram of e2e request latency in seconds.", RequestLatencyBounds);
    private readonly Histogram _queueTime =
        new("request_queue_time_seconds", "Histogram of time spent in WAITING phase for request.", RequestLatencyBounds);

    private readonly Histogram _inferenceTime =
        new("request_inference_time_seconds", "Histogram of time spent in RUNNING phase for request.", RequestLatencyBounds);

    private readonly Histogram _prefillTime =
        new("request_prefill_time_seconds", "Histogram of time spent in PREFILL phase for request.", RequestLatencyBounds);

    private readonly Histogram _decodeTime =
        new("request_decode_time_seconds", "Histogram of time spent in DECODE phase for request.", RequestLatencyBounds);

    private readonly Histogram _preemptionsPerRequest =
        new("request_num_preemptions", "Histogram of the number of times a request was preempted.", PreemptionBounds);

    private readonly Histogram _computedTokens =
        new("request_prefill_kv_computed_tokens", "Histogram of new KV tokens computed during prefill (excluding cached tokens).", TokenBounds);

    public string Model => model;

    public int Rank => rank;

    public double StartedAt => startedAt;

    public int Running { get; set; }

    public int WaitingForCapacity { get; set; }

    public int Deferred { get; set; }

    public double CacheUsage { get; set; }

    public long PrefixQueries { get; set; }

    public long PrefixHits { get; set; }

    public long Preemptions { get; set; }

    public long PromptTokens { get; set; }

    public long CachedPromptTokens { get; set; }

    public long GenerationTokens { get; set; }

    public long Stopped { get; private set; }

    public long ReachedLength { get; private set; }

    /// <summary>Adapter list to the time of the last step that ended with it; pairs are never dropped.</summary>
    public SortedDictionary<string, double> LoraRequests { get; } = new(StringComparer.Ordinal);

    public Histogram IterationTokens { get; } = new("iteration_tokens_total", "Histogram of number of tokens per engine_step.", StepBounds);

    public Histogram TimeToFirstToken { get; } =
        new("time_to_first_token_seconds", "Histogram of time to first token in seconds.", FirstTokenBounds);

    public Histogram InterTokenLatency { get; } =
        new("inter_token_latency_seconds", "Histogram of inter-token latency in seconds.", TokenLatencyBounds);

    /// <summary>All histograms in the order of the page.</summary>
    public IEnumerable<Histogram> Histograms =>
    [
        _promptTokens, _generationTokens, IterationTokens, _maxGenerationTokens, _choices, _maxTokens, TimeToFirstToken, InterTokenLatency,
        _perOutputToken, _endToEnd, _queueTime, _inferenceTime, _prefillTime, _decodeTime, _preemptionsPerRequest, _computedTokens,
    ];

    public void Record(in FinishedRequest request)
    {
        if (request.Stopped)
        {
            Stopped++;
        }
        else
        {
            ReachedLength++;
        }

        _promptTokens.Observe(request.PromptTokens);
        _generationTokens.Observe(request.GeneratedTokens);
        _maxGenerationTokens.Observe(request.GeneratedTokens);
        _choices.Observe(1);
        _maxTokens.Observe(request.MaxTokens);
        _perOutputToken.Observe(request.GeneratedTokens > 1 ? request.DecodeSeconds / (request.GeneratedTokens - 1) : 0);
        _endToEnd.Observe(request.QueueSeconds + request.PrefillSeconds + request.DecodeSeconds);
        _queueTime.Observe(request.QueueSeconds);
        _inferenceTime.Observe(request.PrefillSeconds + request.DecodeSeconds);
        _prefillTime.Observe(request.PrefillSeconds);
        _decodeTime.Observe(request.DecodeSeconds);
        _preemptionsPerRequest.Observe(request.Preemptions);
        _computedTokens.Observe(request.PromptTokens - request.CachedTokens);
    }
}

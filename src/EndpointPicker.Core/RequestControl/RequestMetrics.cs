using System.Diagnostics.Metrics;
using EndpointPicker.Core.Requests.Responses;

namespace EndpointPicker.Core.RequestControl;

/// <summary>What becomes of requests, by model, target model, fairness id and priority.</summary>
public sealed class RequestMetrics
{
    private static readonly double[] General =
    [
        .005, .025, .05, .1, .2, .4, .6, .8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60, 120,
        180, 240, 300, 360, 480, 600, 900, 1200, 1800, 2700, 3600,
    ];

    // 32778 is the reference's; dashboards compare bucket for bucket.
    private static readonly double[] ResponseSizes = [1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32778, 65536];
    private static readonly double[] InputTokens = [.. ResponseSizes, 131072, 262144, 524288, 1048576];
    private static readonly double[] OutputTokens = [1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192];
    private static readonly double[] PerToken = [.001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10];
    private static readonly double[] StreamedPerToken =
        [.0005, .00205, .005, .01, .02, .04, .06, .08, .1, .125, .15, .2, .3, .4, .5, .6, .8, 1, 2];

    private static readonly double[] BetweenChunks = [.001, .005, .01, .02, .04, .06, .08, .1, .15, .2, .3, .5, .75, 1, 2];
    private static readonly double[] RequestProcessing =
        [.0005, .001, .002, .005, .01, .015, .025, .04, .06, .1, .25, .5, 1, 2.5, 5, 10];

    private static readonly double[] ResponseProcessing =
        [.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5];

    private static readonly KeyValuePair<string, object?>[] Reasons =
        [.. Enum.GetNames<PickReason>().Select(name => new KeyValuePair<string, object?>("reason", name))];

    private readonly RequestLabelCache _labels = new();
    private readonly Counter<long> _decisions;
    private readonly Counter<long> _proxyErrors;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _rewrites;
    private readonly UpDownCounter<long> _running;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _requestSize;
    private readonly Histogram<double> _responseSize;
    private readonly Histogram<double> _inputTokens;
    private readonly Histogram<double> _outputTokens;
    private readonly Histogram<double> _cachedTokens;
    private readonly Histogram<double> _timePerToken;
    private readonly Histogram<double> _timeToFirstToken;
    private readonly Histogram<double> _streamedTimePerToken;
    private readonly Histogram<double> _interTokenLatency;
    private readonly Histogram<double> _processing;
    private readonly Histogram<double> _responseProcessing;
    private readonly double _secondsPerTick;

    /// <summary>Creates the instruments.</summary>
    /// <param name="factory">Where the meter comes from.</param>
    /// <param name="time">The clock that requests are stamped with.</param>
    public RequestMetrics(IMeterFactory factory, TimeProvider time)
    {
        _secondsPerTick = 1.0 / time.TimestampFrequency;
        Meter meter = factory.Create("EndpointPicker");
        InFlight = new InFlightMetrics(meter);
        _decisions = meter.CreateCounter<long>("llm_d_epp_decisions_total", "", "Decisions by how they came about, refusals and fallback picks among them.");
        _proxyErrors = meter.CreateCounter<long>("llm_d_epp_proxy_errors_total", "", "Errors that the proxy made in the model server's place, by Envoy's response flag.");
        _requests = meter.CreateCounter<long>("llm_d_epp_request_total", "", "Requests that were given an endpoint.");
        _errors = meter.CreateCounter<long>("llm_d_epp_request_error_total", "", "Requests that failed, by error code.");
        _rewrites = meter.CreateCounter<long>("llm_d_epp_model_rewrite_decisions_total", "", "Requests whose model a rewrite chose.");
        _running = meter.CreateUpDownCounter<long>("llm_d_epp_request_running", "", "Requests in flight.");
        _duration = Histogram(meter, "llm_d_epp_request_duration_seconds", "From the request's headers to the end of its response.", General);
        _requestSize = Histogram(meter, "llm_d_epp_request_size_bytes", "Size of request bodies.", [.. Enumerable.Range(0, 25).Select(k => 64.0 * (1L << k))]);
        _responseSize = Histogram(meter, "llm_d_epp_response_size_bytes", "Size of response bodies.", ResponseSizes);
        _inputTokens = Histogram(meter, "llm_d_epp_request_input_tokens", "Prompt tokens as the response's usage tells them.", InputTokens);
        _outputTokens = Histogram(meter, "llm_d_epp_request_output_tokens", "Output tokens as the response's usage tells them.", OutputTokens);
        _cachedTokens = Histogram(meter, "llm_d_epp_request_cached_tokens", "Cached prompt tokens as the response's usage tells them.", InputTokens);
        _timePerToken = Histogram(meter, "llm_d_epp_request_ntpot_seconds", "Duration divided by output tokens.", PerToken);
        _timeToFirstToken = Histogram(meter, "llm_d_epp_request_ttft_seconds", "From the request's headers to the first token of its response.", General[..24]);
        _streamedTimePerToken = Histogram(meter, "llm_d_epp_request_streaming_tpot_seconds", "Time per output token after the first, where streamed.", StreamedPerToken);
        _interTokenLatency = Histogram(meter, "llm_d_epp_request_streaming_itl_seconds", "Time between two chunks of a streamed response.", BetweenChunks);
        _processing = Histogram(meter, "llm_d_epp_request_processing_duration_seconds", "From the request's headers to the decision.", RequestProcessing);
        _responseProcessing = Histogram(
            meter, "llm_d_epp_response_processing_duration_seconds", "Time spent on a response; of one that is not streamed, from its headers to its end.", ResponseProcessing);
    }

    internal InFlightMetrics InFlight { get; }

    internal bool TimesResponses => _responseProcessing.Enabled;

    internal void Decided(RequestState state, PickReason reason, long now)
    {
        _decisions.Add(1, Reasons[(int)reason]);
        _processing.Record(Seconds(now - state.Request.ReceivedAt));
    }

    internal void Refused(RequestState state, InferenceErrorCode error) => _errors.Add(1, _labels.Get(state).Error(error));

    /// <summary>A rewrite chose the request's target model.</summary>
    internal void Rewritten(RequestState state) => _rewrites.Add(
        1,
        [
            new("model_rewrite_name", state.Rewrite!.Name),
            new("model_name", _labels.Model(state)),
            new("target_model", state.Request.TargetModel),
        ]);

    internal void Placed(RequestState state)
    {
        RequestLabels labels = _labels.Get(state);
        state.Labels = labels;
        _requests.Add(1, labels.All);
        _requestSize.Record(state.Request.BodyBytes, labels.All);
        if (labels.HasModel)
        {
            _running.Add(1, labels.All);
        }
    }

    internal void ServerFailed(RequestState state, ulong proxyFlags)
    {
        if (proxyFlags != 0)
        {
            _proxyErrors.Add(1, ProxyFlags.Label(proxyFlags));
        }

        if (state.Labels is { } labels)
        {
            _errors.Add(1, labels.ModelServerError());
        }
    }

    internal void ChunkCame(RequestState state, long now)
    {
        if (state.Labels is { } labels && state.IsStreaming && state.LastBytesAt != 0)
        {
            _interTokenLatency.Record(Seconds(now - state.LastBytesAt), labels.All);
        }
    }

    /// <summary>The request left the picker's sight or ended.</summary>
    internal void Left(RequestState state)
    {
        if (state.Labels is { HasModel: true } labels)
        {
            _running.Add(-1, labels.All);
        }
    }

    internal void Completed(RequestState state, long now)
    {
        double duration = Seconds(now - state.Request.ReceivedAt);
        if (state.Labels is not { } labels || duration <= 0)
        {
            return;
        }

        _duration.Record(duration, labels.All);
        if (state.FirstTokenAt == 0)
        {
            return;
        }

        _responseProcessing.Record(Seconds(state.IsStreaming ? state.ResponseTicks : now - state.ResponseAt));
        double toFirst = state.IsStreaming ? Seconds(state.FirstTokenAt - state.Request.ReceivedAt) : duration;
        _timeToFirstToken.Record(toFirst, state.IsStreaming ? labels.Streaming : labels.NotStreaming);
        _responseSize.Record(state.ResponseBytes, labels.All);
        RecordTokens(state, labels, duration, toFirst);
    }

    private static Histogram<double> Histogram(Meter meter, string name, string description, double[] boundaries) =>
        meter.CreateHistogram(name, "", description, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = boundaries });

    private void RecordTokens(RequestState state, RequestLabels labels, double duration, double toFirst)
    {
        TokenUsage usage = state.Usage;
        RecordPositive(_inputTokens, usage.Prompt, labels);
        RecordPositive(_cachedTokens, usage.Cached ?? 0, labels);
        RecordPositive(_outputTokens, usage.Completion, labels);
        long output = usage.Completion;
        if (output > 0)
        {
            _timePerToken.Record(duration / output, labels.All);
        }

        if (output > 1 && state.IsStreaming)
        {
            _streamedTimePerToken.Record((duration - toFirst) / (output - 1), labels.All);
        }
    }

    private static void RecordPositive(Histogram<double> histogram, long tokens, RequestLabels labels)
    {
        if (tokens > 0)
        {
            histogram.Record(tokens, labels.All);
        }
    }

    private double Seconds(long ticks) => ticks * _secondsPerTick;
}

using System.Diagnostics.Metrics;
using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.RequestControl;

/// <summary>
/// The <c>inflight-load-producer</c>'s gauges: requests and tokens in flight by endpoint, fairness id and priority. Requests whose end is not
/// seen leave them when they leave the picker's sight.
/// </summary>
internal sealed class InFlightMetrics
{
    private readonly UpDownCounter<long> _requests;
    private readonly UpDownCounter<long> _tokens;

    public InFlightMetrics(Meter meter)
    {
        _requests = meter.CreateUpDownCounter<long>("llm_d_epp_inflight_requests", "", "Requests in flight, as placed by this picker.");
        _tokens = meter.CreateUpDownCounter<long>("llm_d_epp_inflight_tokens", "", "Tokens in flight, as estimated when their requests were placed.");
    }

    /// <summary>Brings the gauges to what the request holds now.</summary>
    public void Follow(RequestState state, string producer)
    {
        Endpoint? held = state.Reservation.Endpoint;
        long tokens = state.Reservation.Tokens;
        if (state.Labels is not { } labels || (held == state.GaugedOn && tokens == state.GaugedTokens))
        {
            return;
        }

        if (state.GaugedOn is { } before)
        {
            Add(before, labels, producer, held == before ? 0 : -1, held == before ? tokens - state.GaugedTokens : -state.GaugedTokens);
        }

        if (held is not null && held != state.GaugedOn)
        {
            Add(held, labels, producer, 1, tokens);
        }

        state.GaugedOn = held;
        state.GaugedTokens = tokens;
    }

    private void Add(Endpoint endpoint, RequestLabels labels, string producer, long requests, long tokens)
    {
        ReadOnlySpan<KeyValuePair<string, object?>> tags =
        [
            new("endpoint_name", endpoint.Name), new("namespace", endpoint.Namespace), new("producer_name", producer), labels.FairnessId, labels.Priority,
        ];
        if (requests != 0)
        {
            _requests.Add(requests, tags);
        }

        if (tokens != 0)
        {
            _tokens.Add(tokens, tags);
        }
    }
}

using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Requests.Responses;

namespace EndpointPicker.Core.RequestControl;

/// <content>The response, and the end.</content>
public sealed partial class RequestDirector
{
    /// <summary>Takes the response's headers.</summary>
    /// <param name="state">The request.</param>
    /// <param name="headers">The headers, <c>:status</c> among them.</param>
    /// <param name="feedback">What the proxy says of the attempt.</param>
    public void ResponseHeaders(RequestState state, HeaderTable headers, in UpstreamFeedback feedback)
    {
        FollowServed(state, feedback.Served.Span);
        GaugeInFlight(state);
        if (headers.TryGet(":status"u8, out ReadOnlySpan<byte> status) && !status.StartsWith("2"u8))
        {
            _telemetry.Metrics?.ServerFailed(state, feedback.Flags);
            if (status.StartsWith("5"u8))
            {
                ServerBroke(state, status);
            }
        }

        headers.TryGet("content-type"u8, out ReadOnlySpan<byte> contentType);
        ResponseReader reader = state.ResponseReader ??= new ResponseReader();
        reader.Begin(state.Route?.ResponseFormat ?? ResponseFormat.None, contentType);
        state.ReadsResponse = true;
        state.ResponseAt = _time.GetTimestamp();
        state.IsStreaming |= reader.IsStreaming;
    }

    /// <summary>Takes the next bytes of the response's body.</summary>
    /// <param name="state">The request.</param>
    /// <param name="body">The next bytes; not kept.</param>
    public void ResponseBody(RequestState state, ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return;
        }

        long now = _time.GetTimestamp();
        if (state.ReadsResponse)
        {
            state.ResponseReader!.Append(body);
        }

        if (state.FirstTokenAt == 0 && (!state.ReadsResponse || state.ResponseReader!.FirstTokenSeen))
        {
            state.FirstTokenAt = now;
            state.Reservation.FirstToken();
            GaugeInFlight(state);
        }

        _telemetry.Metrics?.ChunkCame(state, now);
        state.LastBytesAt = now;
        state.ResponseBytes += body.Length;
        if (_telemetry.Metrics is { TimesResponses: true })
        {
            state.ResponseTicks += _time.GetTimestamp() - now;
        }
    }

    /// <summary>Ends the request and releases all that it holds; later calls do nothing.</summary>
    /// <param name="state">The request.</param>
    /// <param name="end">How it ended.</param>
    public void End(RequestState state, StreamEnd end)
    {
        if (state.HasEnded)
        {
            return;
        }

        state.HasEnded = true;
        long now = _time.GetTimestamp();
        if (end == StreamEnd.RequestSent)
        {
            state.Reservation.LeaveUnseen(now);
        }
        else
        {
            state.Reservation.Release();
        }

        if (state.Trace is { } trace)
        {
            RequestTracing.End(trace);
        }

        GaugeInFlight(state);
        if (_telemetry.Metrics is { } metrics)
        {
            metrics.Left(state);
            if (end == StreamEnd.Completed)
            {
                metrics.Completed(state, now);
            }
        }
    }

    // A retry may have gone to a later endpoint of the list: the place moves with it.
    private static void FollowServed(RequestState state, ReadOnlySpan<byte> served)
    {
        if (served.IsEmpty || state.Reservation.Endpoint is not { } held || held.DestinationUtf8.Span.SequenceEqual(served))
        {
            return;
        }

        foreach (Endpoint pick in state.Picks)
        {
            if (pick.DestinationUtf8.Span.SequenceEqual(served))
            {
                state.Reservation.Take(pick);
                return;
            }
        }
    }

    private void ServerBroke(RequestState state, ReadOnlySpan<byte> status)
    {
        if (state.PickCount > 0)
        {
            _telemetry.Pool?.ServerFailed();
        }

        if (state.Trace is { } trace)
        {
            RequestTracing.ServerFailed(trace, status);
        }
    }
}

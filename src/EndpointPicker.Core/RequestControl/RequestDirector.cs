#pragma warning disable CA1822, IDE0060
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Requests;

namespace EndpointPicker.Core.RequestControl;

/// <summary>
/// Leads one request through the decision: read, admit, schedule, reserve, observe, release. The ext_proc stream calls it in that order.
/// </summary>
public sealed class RequestDirector(EndpointPool pool, TimeProvider time, Random random)
{
    /// <summary>Starts a request whose headers and subset are filled in.</summary>
    /// <param name="state">The request.</param>
    /// <returns>Whether the decision wants the body; where not, it is made on the headers and the body passes unread.</returns>
    public bool Begin(RequestState state)
    {
        state.Request.ReceivedAt = time.GetTimestamp();
        return false;
    }

    /// <summary>Reads the next bytes of the body.</summary>
    /// <param name="state">The request.</param>
    /// <param name="body">The next bytes, in any split; not kept.</param>
    public void Append(RequestState state, ReadOnlySpan<byte> body)
    {
        state.Request.BodyBytes += body.Length;
        state.Reader?.Append(body);
    }

    /// <summary>Decides, and counts the request on the endpoint that it picks.</summary>
    /// <param name="state">The request.</param>
    /// <param name="end">How much of the body was read.</param>
    /// <param name="cancellationToken">Ends a wait for capacity.</param>
    /// <returns>The outcome; <see cref="RequestState.Picks"/> has the endpoints.</returns>
    public ValueTask<SchedulingResult> ScheduleAsync(RequestState state, BodyEnd end, CancellationToken cancellationToken) =>
        ValueTask.FromResult(ScheduleNow(state, end == BodyEnd.Cut ? PickReason.BodyCut : PickReason.Scheduled));

    /// <summary>Decides at once on what is known, without waiting and without plugins that could fail.</summary>
    /// <param name="state">The request.</param>
    /// <param name="reason">Why the ordinary way is not taken.</param>
    /// <returns>The outcome.</returns>
    public SchedulingResult ScheduleNow(RequestState state, PickReason reason)
    {
        ReadOnlySpan<Endpoint> endpoints = pool.Current.Endpoints;
        if (endpoints.IsEmpty)
        {
            return SchedulingResult.Refused(PickReason.NoEndpoints, InferenceErrorCode.ServiceUnavailable, "no endpoint is ready to serve the request");
        }

        lock (random)
        {
            state.SetPicks(endpoints.Slice(random.Next(endpoints.Length), 1));
        }

        return SchedulingResult.Picked(reason);
    }

    /// <summary>Takes the response's headers.</summary>
    /// <param name="state">The request.</param>
    /// <param name="headers">The headers, <c>:status</c> among them.</param>
    /// <param name="feedback">What the proxy says of the attempt.</param>
    public void ResponseHeaders(RequestState state, HeaderTable headers, in UpstreamFeedback feedback)
    {
    }

    /// <summary>Takes the next bytes of the response's body.</summary>
    /// <param name="state">The request.</param>
    /// <param name="body">The next bytes; not kept.</param>
    public void ResponseBody(RequestState state, ReadOnlySpan<byte> body)
    {
    }

    /// <summary>Ends the request and releases all that it holds; later calls do nothing.</summary>
    /// <param name="state">The request.</param>
    /// <param name="end">How it ended.</param>
    public void End(RequestState state, StreamEnd end)
    {
    }
}

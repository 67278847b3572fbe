using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Requests;

namespace EndpointPicker.ExtProc;

/// <summary>The real decision: by the director of the pool that the request belongs to.</summary>
internal sealed class DirectedRequestControl(PoolDirectory pools) : IRequestControl
{
    public bool Begin(RequestState state) => pools.Begin(state).Begin(state);

    public void Append(RequestState state, ReadOnlySpan<byte> body) => Of(state).Append(state, body);

    public ValueTask<SchedulingResult> ScheduleAsync(RequestState state, BodyEnd end, CancellationToken cancellationToken) =>
        Of(state).ScheduleAsync(state, end, cancellationToken);

    public SchedulingResult ScheduleNow(RequestState state, PickReason reason) => Of(state).ScheduleNow(state, reason);

    public void Refuse(RequestState state, in SchedulingResult refusal) => Of(state).Refuse(state, refusal);

    public void ResponseHeaders(RequestState state, HeaderTable headers, in UpstreamFeedback feedback) =>
        Of(state).ResponseHeaders(state, headers, feedback);

    public void ResponseBody(RequestState state, ReadOnlySpan<byte> body) => Of(state).ResponseBody(state, body);

    public void End(RequestState state, StreamEnd end) => Of(state).End(state, end);

    // A stream that breaks off before its headers, or begins with a response, has chosen no pool.
    private RequestDirector Of(RequestState state) => state.Pool?.Director ?? pools.Begin(state);
}

using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Requests;

namespace EndpointPicker.ExtProc;

/// <summary>The real decision.</summary>
internal sealed class DirectedRequestControl(RequestDirector director) : IRequestControl
{
    public bool Begin(RequestState state) => director.Begin(state);

    public void Append(RequestState state, ReadOnlySpan<byte> body) => director.Append(state, body);

    public ValueTask<SchedulingResult> ScheduleAsync(RequestState state, BodyEnd end, CancellationToken cancellationToken) =>
        director.ScheduleAsync(state, end, cancellationToken);

    public SchedulingResult ScheduleNow(RequestState state, PickReason reason) => director.ScheduleNow(state, reason);

    public void Refuse(RequestState state, in SchedulingResult refusal) => director.Refuse(state, refusal);

    public void ResponseHeaders(RequestState state, HeaderTable headers, in UpstreamFeedback feedback) =>
        director.ResponseHeaders(state, headers, feedback);

    public void ResponseBody(RequestState state, ReadOnlySpan<byte> body) => director.ResponseBody(state, body);

    public void End(RequestState state, StreamEnd end) => director.End(state, end);
}

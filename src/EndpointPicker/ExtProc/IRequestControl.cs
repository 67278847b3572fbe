using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Requests;

namespace EndpointPicker.ExtProc;

/// <summary>The decision as a stream sees it: where the protocol ends, and where tests put a scripted one. See <see cref="RequestDirector"/>.</summary>
internal interface IRequestControl
{
    bool Begin(RequestState state);

    void Append(RequestState state, ReadOnlySpan<byte> body);

    ValueTask<SchedulingResult> ScheduleAsync(RequestState state, BodyEnd end, CancellationToken cancellationToken);

    SchedulingResult ScheduleNow(RequestState state, PickReason reason);

    void Refuse(RequestState state, in SchedulingResult refusal);

    void ResponseHeaders(RequestState state, HeaderTable headers, in UpstreamFeedback feedback);

    void ResponseBody(RequestState state, ReadOnlySpan<byte> body);

    void End(RequestState state, StreamEnd end);
}

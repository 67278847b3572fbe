using EndpointPicker.Benchmarks.Requests;
using EndpointPicker.Core.RequestControl;

namespace EndpointPicker.Benchmarks.RequestControl;

/// <summary>A chat of 1 KB, led from its headers to its end without the stream that carries it.</summary>
internal sealed class WholeRequest
{
    private readonly byte[] _body = ChatBody.OfLength(1024);
    private readonly RequestState _state = new();

    /// <summary>Leads it once, and says how many endpoints were picked.</summary>
    public int Lead(RequestDirector director)
    {
        _state.Request.Headers.Add(":method"u8, "POST"u8);
        _state.Request.Headers.Add(":path"u8, "/v1/chat/completions"u8);
        _state.Request.Headers.Add("x-request-id"u8, "5f1d3c9e-8f57-4a0e-9a5c-0a9b1c2d3e4f"u8);
        director.Begin(_state);
        director.Append(_state, _body);
        ValueTask<SchedulingResult> scheduling = director.ScheduleAsync(_state, BodyEnd.Complete, CancellationToken.None);
        int picks = scheduling.IsCompletedSuccessfully && scheduling.Result.IsPicked ? _state.Picks.Length : throw new InvalidOperationException("Nothing was picked.");
        director.End(_state, StreamEnd.Completed);
        _state.Reset();
        return picks;
    }
}

using System.Net;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Requests;
using EndpointPicker.ExtProc;

namespace EndpointPicker.Tests.ExtProc;

/// <summary>A decision that does what the test says and keeps what it was told.</summary>
internal sealed class ScriptedControl : IRequestControl
{
    public static readonly Endpoint First = new(
        new EndpointDescription("default", "a", new IPEndPoint(IPAddress.Parse("10.0.0.7"), 8000), new Dictionary<string, string>()), 0);

    public static readonly Endpoint Second = new(
        new EndpointDescription("default", "b", new IPEndPoint(IPAddress.Parse("2001:db8::1"), 8001), new Dictionary<string, string>()), 1);

    public bool WantsBody { get; set; } = true;

    public Endpoint[] Picks { get; set; } = [First];

    /// <summary>Off where a test counts allocations.</summary>
    public bool Keeps { get; set; } = true;

    public Func<RequestState, CancellationToken, ValueTask<SchedulingResult>>? Schedule { get; set; }

    public Func<PickReason, SchedulingResult>? Now { get; set; }

    public Action<string>? On { get; set; }

    public MemoryStream Body { get; } = new();

    public MemoryStream ResponseBytes { get; } = new();

    public List<BodyEnd> Scheduled { get; } = [];

    public List<PickReason> ScheduledNow { get; } = [];

    public List<InferenceErrorCode> Refusals { get; } = [];

    public List<StreamEnd> Ends { get; } = [];

    public string Served { get; private set; } = "";

    public ulong Flags { get; private set; }

    public string Status { get; private set; } = "";

    public bool Begin(RequestState state)
    {
        On?.Invoke(nameof(Begin));
        return WantsBody;
    }

    public void Append(RequestState state, ReadOnlySpan<byte> body)
    {
        On?.Invoke(nameof(Append));
        if (Keeps)
        {
            Body.Write(body);
        }
    }

    public ValueTask<SchedulingResult> ScheduleAsync(RequestState state, BodyEnd end, CancellationToken cancellationToken)
    {
        On?.Invoke(nameof(ScheduleAsync));
        if (Keeps)
        {
            Scheduled.Add(end);
        }

        state.SetPicks(Picks);
        return Schedule?.Invoke(state, cancellationToken) ?? ValueTask.FromResult(SchedulingResult.Picked(PickReason.Scheduled));
    }

    public SchedulingResult ScheduleNow(RequestState state, PickReason reason)
    {
        On?.Invoke(nameof(ScheduleNow));
        if (Keeps)
        {
            ScheduledNow.Add(reason);
        }

        state.SetPicks(Picks);
        return Now?.Invoke(reason) ?? SchedulingResult.Picked(reason);
    }

    public void Refuse(RequestState state, in SchedulingResult refusal)
    {
        On?.Invoke(nameof(Refuse));
        Refusals.Add(refusal.Error);
    }

    public void ResponseHeaders(RequestState state, HeaderTable headers, in UpstreamFeedback feedback)
    {
        On?.Invoke(nameof(ResponseHeaders));
        if (!Keeps)
        {
            return;
        }

        Served = System.Text.Encoding.ASCII.GetString(feedback.Served.Span);
        Flags = feedback.Flags;
        Status = headers.TryGet(":status"u8, out ReadOnlySpan<byte> status) ? System.Text.Encoding.ASCII.GetString(status) : "";
    }

    public void ResponseBody(RequestState state, ReadOnlySpan<byte> body)
    {
        On?.Invoke(nameof(ResponseBody));
        if (Keeps)
        {
            ResponseBytes.Write(body);
        }
    }

    public void End(RequestState state, StreamEnd end)
    {
        On?.Invoke(nameof(End));
        if (Keeps)
        {
            Ends.Add(end);
        }
    }
}

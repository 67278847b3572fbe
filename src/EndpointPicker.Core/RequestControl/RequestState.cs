using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.PrefixCache;
using EndpointPicker.Core.Requests;

namespace EndpointPicker.Core.RequestControl;

/// <summary>All that belongs to one request from its headers to its end; pooled with the stream that carries it.</summary>
public sealed class RequestState
{
    private Endpoint[] _picks = new Endpoint[4];

    /// <summary>The request as it was read.</summary>
    public InferenceRequest Request { get; } = new();

    /// <summary>The endpoints to try, best first; empty until the decision.</summary>
    public ReadOnlySpan<Endpoint> Picks => _picks.AsSpan(0, PickCount);

    internal int PickCount { get; private set; }

    internal RequestReader? Reader { get; set; }

    /// <summary>Hashes prompts; made at the first one that is needed, and kept for the requests that follow.</summary>
    internal PromptHasher? Hasher { get; set; }

    /// <summary>The place that the request holds; given back once, by whatever comes first.</summary>
    internal Reservation Reservation { get; } = new();

    /// <summary>Whether no parser reads the body, so that the request needs no model.</summary>
    internal bool PassesUnread { get; set; } = true;

    /// <summary>Whether a body may follow the headers.</summary>
    internal bool HasBody { get; set; }

    /// <summary>The labels under which the request was counted as placed; <see langword="null"/> before and where it was refused.</summary>
    internal RequestLabels? Labels { get; set; }

    internal TokenUsage Usage { get; set; }

    /// <summary>Whether the response streams: the client asked for it, or the server said so.</summary>
    internal bool IsStreaming { get; set; }

    /// <summary>When the first bytes of the response's body came, in ticks; 0 before.</summary>
    internal long FirstBytesAt { get; set; }

    internal long LastBytesAt { get; set; }

    internal long ResponseBytes { get; set; }

    internal bool HasEnded { get; set; }

    internal void SetPicks(ReadOnlySpan<Endpoint> picks)
    {
        if (picks.Length > _picks.Length)
        {
            _picks = new Endpoint[picks.Length];
        }

        picks.CopyTo(_picks);
        PickCount = picks.Length;
    }

    /// <summary>Makes the object new for another request.</summary>
    public void Reset()
    {
        Reservation.Release();
        Request.Reset();
        _picks.AsSpan().Clear();
        PickCount = 0;
        Reader = null;
        PassesUnread = true;
        HasBody = false;
        Labels = null;
        Usage = default;
        IsStreaming = false;
        FirstBytesAt = 0;
        LastBytesAt = 0;
        ResponseBytes = 0;
        HasEnded = false;
    }
}

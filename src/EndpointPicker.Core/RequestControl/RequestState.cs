using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Requests.Parsers;
using EndpointPicker.Core.Requests.Responses;
using EndpointPicker.Core.Scheduling;

namespace EndpointPicker.Core.RequestControl;

/// <summary>All that belongs to one request from its headers to its end; pooled with the stream that carries it.</summary>
public sealed class RequestState
{
    // More pools than this take turns on one stream's memory too rarely to keep readers for all of them.
    private const int MostTools = 8;

    private readonly List<RequestTools> _tools = [];
    private Endpoint[] _picks = new Endpoint[4];

    /// <summary>The request as it was read.</summary>
    public InferenceRequest Request { get; } = new();

    /// <summary>The endpoints to try, best first; empty until the decision.</summary>
    public ReadOnlySpan<Endpoint> Picks => _picks.AsSpan(0, PickCount);

    /// <summary>What each endpoint scored, where that is wanted; empty after a fallback pick.</summary>
    public EndpointScores Scores { get; } = new();

    internal int PickCount { get; private set; }

    /// <summary>What reads this request's body; <see langword="null"/> where nothing does.</summary>
    internal RequestReader? Reader { get; set; }

    /// <summary>The pool that the request belongs to; <see langword="null"/> before its headers were read.</summary>
    public DirectedPool? Pool { get; internal set; }

    /// <summary>Why the request belongs to no pool; <see langword="null"/> where it belongs to one.</summary>
    internal RequestError? PoolError { get; set; }

    /// <summary>What the director that began the request reads it with.</summary>
    internal RequestTools? Tools { get; private set; }

    /// <summary>How the path says to read the request; <see langword="null"/> before, and where no parser takes it.</summary>
    internal RequestRoute? Route { get; set; }

    /// <summary>What gave the request its priority.</summary>
    internal PrioritySource PrioritySource { get; set; }

    /// <summary>The rewrite that chose the target model; <see langword="null"/> where none did.</summary>
    internal RewriteRule? Rewrite { get; set; }

    /// <summary>Whether there are rewrites and none could be looked at, because the body is not seen or cannot be changed.</summary>
    internal bool RewritesSkipped { get; set; }

    /// <summary>Why no parser takes the path; <see langword="null"/> where one does.</summary>
    internal RequestError? PathError { get; set; }

    /// <summary>The place that the request holds; given back once, by whatever comes first.</summary>
    internal Reservation Reservation { get; } = new();

    /// <summary>Where the decision goes of a request that is only rehearsed; <see langword="null"/> for a real one.</summary>
    internal DecisionContent? Rehearsal { get; init; }

    /// <summary>The place that a pick is to take; <see langword="null"/> where the request is only rehearsed.</summary>
    internal Reservation? PlaceToTake => Rehearsal is null ? Reservation : null;

    /// <summary>Whether a body may be there that no parser reads.</summary>
    internal bool PassesUnread { get; set; } = true;

    /// <summary>Whether a body may follow the headers.</summary>
    internal bool HasBody { get; set; }

    /// <summary>The labels under which the request was counted as placed; <see langword="null"/> before and where it was refused.</summary>
    internal RequestLabels? Labels { get; set; }

    /// <summary>Reads answers; made at the first one, and kept for the requests that follow.</summary>
    internal ResponseReader? ResponseReader { get; set; }

    /// <summary>Whether <see cref="ResponseReader"/> has begun this request's answer.</summary>
    internal bool ReadsResponse { get; set; }

    /// <summary>What the answer's usage says so far.</summary>
    internal TokenUsage Usage => ReadsResponse ? ResponseReader!.Usage ?? default : default;

    /// <summary>Whether the response streams: the client asked for it, or the server said so.</summary>
    internal bool IsStreaming { get; set; }

    /// <summary>When the response's first token came, in ticks; 0 before.</summary>
    internal long FirstTokenAt { get; set; }

    internal long LastBytesAt { get; set; }

    internal long ResponseBytes { get; set; }

    /// <summary>When the response's headers came, in ticks.</summary>
    internal long ResponseAt { get; set; }

    /// <summary>Ticks spent on the response's chunks.</summary>
    internal long ResponseTicks { get; set; }

    /// <summary>The endpoint on whose gauges the request stands.</summary>
    internal Endpoint? GaugedOn { get; set; }

    /// <summary>The tokens with which it stands there.</summary>
    internal long GaugedTokens { get; set; }

    internal bool HasEnded { get; set; }

    /// <summary>The request's spans; <see langword="null"/> where it is not traced.</summary>
    public RequestTrace? Trace { get; internal set; }

    /// <summary>Takes up what a director reads with.</summary>
    internal RequestTools Use(RequestDirector director)
    {
        if (Tools?.Owner == director)
        {
            return Tools;
        }

        RequestTools? kept = null;
        foreach (RequestTools tools in _tools)
        {
            kept = tools.Owner == director ? tools : kept;
        }

        if (kept is null)
        {
            if (_tools.Count == MostTools)
            {
                _tools.RemoveAt(0);
            }

            kept = new RequestTools(director);
            _tools.Add(kept);
        }

        return Tools = kept;
    }

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
        Scores.Clear();
        _picks.AsSpan().Clear();
        PickCount = 0;
        Reader = null;
        Route = null;
        PrioritySource = PrioritySource.Default;
        Rewrite = null;
        RewritesSkipped = false;
        PathError = null;
        Pool = null;
        PoolError = null;
        PassesUnread = true;
        HasBody = false;
        Labels = null;
        ReadsResponse = false;
        IsStreaming = false;
        FirstTokenAt = 0;
        LastBytesAt = 0;
        ResponseBytes = 0;
        ResponseAt = 0;
        ResponseTicks = 0;
        GaugedOn = null;
        GaugedTokens = 0;
        HasEnded = false;
        Trace = null;
    }
}

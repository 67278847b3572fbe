namespace EndpointPicker.Core.RequestControl;

/// <summary>One candidate of a recorded decision.</summary>
public sealed record CandidateDecision
{
    /// <summary>The endpoint's name.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Where it serves, <c>ip:port</c>.</summary>
    public required string Destination { get; init; }

    /// <summary>The filter that removed it; <see langword="null"/> where it was scored.</summary>
    public required string? RemovedBy { get; init; }

    /// <summary>What each scorer gave, from 0 to 1; empty where a filter removed it.</summary>
    public required IReadOnlyList<double> Scores { get; init; }

    /// <summary>The weighted sum of <see cref="Scores"/>.</summary>
    public required double Total { get; init; }

    /// <summary>How old its signals were, in ticks of the time provider; <see langword="null"/> where it was never scraped.</summary>
    public required long? SignalAge { get; init; }

    /// <summary>This picker's requests in flight there when the scoring began.</summary>
    public required int InFlight { get; init; }
}

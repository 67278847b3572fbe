using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.RequestControl;

/// <summary>One candidate of a recorded decision, as it was then.</summary>
public sealed record CandidateDecision
{
    /// <summary>The endpoint's name.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Where it serves, <c>ip:port</c>.</summary>
    public required string Destination { get; init; }

    /// <summary>The filter that removed it; <see langword="null"/> where none did.</summary>
    public required string? RemovedBy { get; init; }

    /// <summary>Why that filter removed it, in words; <see langword="null"/> where none did or it does not say.</summary>
    public required string? RemovedBecause { get; init; }

    /// <summary>What each scorer gave, usually from 0 to 1; empty where the candidate was not scored.</summary>
    public required IReadOnlyList<double> Scores { get; init; }

    /// <summary>The weighted sum of <see cref="Scores"/>.</summary>
    public required double Total { get; init; }

    /// <summary>What its last scrape brought.</summary>
    public required EndpointSignals Signals { get; init; }

    /// <summary>Whether <see cref="Signals"/> were believed.</summary>
    public required SignalState SignalState { get; init; }

    /// <summary>How old its signals were, in ticks of the time provider; <see langword="null"/> where it was never scraped.</summary>
    public required long? SignalAge { get; init; }

    /// <summary>This picker's requests in flight there when the scoring began.</summary>
    public required int InFlight { get; init; }

    /// <summary>The tokens of those requests, as estimated.</summary>
    public required long InFlightTokens { get; init; }

    /// <summary>Whether the target model was believed to be in one of its adapter slots.</summary>
    public required bool HoldsAdapter { get; init; }

    /// <summary>Leading blocks of the prompt that it was believed to hold; <see langword="null"/> where no plugin matched the prompt.</summary>
    public required int? PrefixBlocks { get; init; }
}

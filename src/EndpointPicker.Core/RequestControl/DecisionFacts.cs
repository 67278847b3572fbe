using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Scheduling;

namespace EndpointPicker.Core.RequestControl;

/// <summary>All that a decision is explained with, at the moment when it is made and before plugins learn of it.</summary>
internal readonly ref struct DecisionFacts
{
    /// <summary>The moment that the decision went by, in ticks of the time provider.</summary>
    public required long At { get; init; }

    /// <summary>The pool's name; empty where the request belongs to none.</summary>
    public required string Pool { get; init; }

    public required RequestState State { get; init; }

    public required SchedulingResult Result { get; init; }

    public required FreshnessPolicy Freshness { get; init; }

    /// <summary>The endpoints to try, best first.</summary>
    public ReadOnlySpan<Endpoint> Picks { get; init; }

    /// <summary>What the pick worked on; <see langword="null"/> where it was refused before there were candidates.</summary>
    public PickScratch? Scratch { get; init; }

    /// <summary>The profile that ran; <see langword="null"/> where none did.</summary>
    public ProfileRunner? Ran { get; init; }

    /// <summary>What is held of the prompt; <see langword="null"/> where no plugin knows.</summary>
    public PrefixMatches? Matches { get; init; }

    /// <summary>Whether tokens in flight are counted at all.</summary>
    public bool CountsTokens { get; init; }

    /// <summary>Whether endpoints without fresh signals were passed over as long as others had some.</summary>
    public bool PrefersFresh { get; init; }
}

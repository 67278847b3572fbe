namespace EndpointPicker.Core.RequestControl;

/// <summary>One decision as it was recorded, for people to read.</summary>
public sealed record Decision
{
    /// <summary>The number of the decision, from 0.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it was made, in ticks of the time provider.</summary>
    public required long At { get; init; }

    /// <summary>The request's <c>x-request-id</c>; empty where it has none.</summary>
    public required string RequestId { get; init; }

    /// <summary>The model that the body names.</summary>
    public required string Model { get; init; }

    /// <summary>The model that the server runs.</summary>
    public required string TargetModel { get; init; }

    /// <summary>How it came about.</summary>
    public required PickReason Reason { get; init; }

    /// <summary>The error of a refusal.</summary>
    public required InferenceErrorCode Error { get; init; }

    /// <summary>The estimated tokens of the prompt.</summary>
    public required long PromptTokens { get; init; }

    /// <summary>The destinations, best first.</summary>
    public required IReadOnlyList<string> Picks { get; init; }

    /// <summary>The profile's scorers, in the order of each candidate's scores; empty where no profile ran.</summary>
    public required IReadOnlyList<ScorerLabel> Scorers { get; init; }

    /// <summary>The candidates that the profile began with; at most <see cref="DecisionLog.MaxCandidates"/> of them.</summary>
    public required IReadOnlyList<CandidateDecision> Candidates { get; init; }
}

namespace EndpointPicker.Core.RequestControl;

/// <summary>One decision as it was recorded, for people to read.</summary>
public sealed record Decision
{
    /// <summary>The number of the decision, from 0; -1 where it was only rehearsed.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it was made, in ticks of the time provider.</summary>
    public required long At { get; init; }

    /// <summary>When it was made, by the wall clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The name of the pool that it chose from; empty where the request names one that is not served.</summary>
    public required string Pool { get; init; }

    /// <summary>The request's <c>x-request-id</c>; empty where it has none.</summary>
    public required string RequestId { get; init; }

    /// <summary>The model that the body names.</summary>
    public required string Model { get; init; }

    /// <summary>The model that the server runs.</summary>
    public required string TargetModel { get; init; }

    /// <summary>The priority; below 0 is sheddable.</summary>
    public required int Priority { get; init; }

    /// <summary>The objective that the request names, known or not; <see langword="null"/> where it names none.</summary>
    public required string? Objective { get; init; }

    /// <summary>What gave the request its priority.</summary>
    public required PrioritySource PrioritySource { get; init; }

    /// <summary>The name of the rewrite that chose the target model; <see langword="null"/> where none did.</summary>
    public required string? Rewrite { get; init; }

    /// <summary>Whether there are rewrites and none could be looked at, because the body is not seen or cannot be changed.</summary>
    public required bool RewritesSkipped { get; init; }

    /// <summary>How long after the request's headers it was begun, in ticks of the time provider.</summary>
    public required long Waited { get; init; }

    /// <summary>How it came about.</summary>
    public required PickReason Reason { get; init; }

    /// <summary>The error of a refusal.</summary>
    public required InferenceErrorCode Error { get; init; }

    /// <summary>What a refusal tells the client; empty where an endpoint was picked.</summary>
    public required string Message { get; init; }

    /// <summary>The estimated tokens of the prompt.</summary>
    public required long PromptTokens { get; init; }

    /// <summary>The blocks of the prompt that were matched; 0 where no plugin matched it.</summary>
    public required int PromptBlocks { get; init; }

    /// <summary>Tokens in one of those blocks.</summary>
    public required int BlockTokens { get; init; }

    /// <summary>The destinations, best first.</summary>
    public required IReadOnlyList<string> Picks { get; init; }

    /// <summary>The profile that decided; <see langword="null"/> where none ran.</summary>
    public required string? Profile { get; init; }

    /// <summary>The name of that profile's picker; <see langword="null"/> where none ran.</summary>
    public required string? Picker { get; init; }

    /// <summary>How often the scoring began anew because another request came to the chosen endpoint meanwhile.</summary>
    public required int Rescorings { get; init; }

    /// <summary>The profile's scorers, in the order of each candidate's scores; empty where no profile ran.</summary>
    public required IReadOnlyList<ScorerLabel> Scorers { get; init; }

    /// <summary>How many endpoints the pool had.</summary>
    public required int PoolSize { get; init; }

    /// <summary>How many destinations the proxy's subset named; <see langword="null"/> where it gave none.</summary>
    public required int? SubsetSize { get; init; }

    /// <summary>How many endpoints the request might go to, before any filter.</summary>
    public required int CandidateCount { get; init; }

    /// <summary>
    /// Those candidates; at most <see cref="DecisionLog.MaxCandidates"/> of them, the picks and the runner-up always among them.
    /// </summary>
    public required IReadOnlyList<CandidateDecision> Candidates { get; init; }

    /// <summary>The candidate that was picked first; <see langword="null"/> where none was.</summary>
    public required CandidateDecision? Pick { get; init; }

    /// <summary>
    /// The best of the others: by total, or by requests in flight where no profile ran; <see langword="null"/> where there is none.
    /// </summary>
    public required CandidateDecision? RunnerUp { get; init; }
}

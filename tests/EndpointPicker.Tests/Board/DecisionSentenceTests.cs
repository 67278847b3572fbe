using EndpointPicker.Board;
using EndpointPicker.Core.RequestControl;
using static EndpointPicker.Tests.Board.Decisions;

namespace EndpointPicker.Tests.Board;

public sealed class DecisionSentenceTests
{
    [Fact]
    public void Ahead_ByTwoScorers_NamesTheOneThatCountsMostAndTheOneAgainst() => Assert.Equal(
        "10.0.0.1:8000 scored 5.31, 0.42 ahead of 10.0.0.2:8000, mostly by prefix (+0.6), in spite of queue (-0.18)",
        DecisionSentence.Of(Scored([5.31, 4.89], [0.1, 0.9], [0.19, 0.3])));

    [Fact]
    public void Tied_WithSeveral_SaysThatChanceDecided() => Assert.Equal(
        "10.0.0.1:8000 scored 1, as did 2 others, and came first by chance (max-score-picker)",
        DecisionSentence.Of(Scored([1, 1, 1, 0.5])));

    [Fact]
    public void Tied_WithOne_NamesIt() => Assert.Equal(
        "10.0.0.1:8000 scored 1, as did 10.0.0.2:8000, and came first by chance (max-score-picker)",
        DecisionSentence.Of(Scored([1, 1])));

    [Fact]
    public void Behind_ByARandomPicker_SaysSo() => Assert.Equal(
        "10.0.0.1:8000 scored 1, 0.5 behind 10.0.0.2:8000, and was drawn by random-picker",
        DecisionSentence.Of(Scored([1, 1.5]) with { Picker = "random-picker" }));

    [Fact]
    public void Rescored_SaysHowOften() => Assert.EndsWith(
        "; scored 3 times, because other requests came at the same moment",
        DecisionSentence.Of(Scored([2, 1]) with { Rescorings = 2 }),
        StringComparison.Ordinal);

    [Fact]
    public void Alone_AfterFilters_SaysOfHowMany() => Assert.Equal(
        "10.0.0.1:8000 was the only candidate that filters left of 3",
        DecisionSentence.Of(Scored([1]) with { CandidateCount = 3 }));

    [Theory]
    [InlineData(PickReason.BodyCut, "chosen on the part of the body that the proxy sent: 10.0.0.1:8000 scored 2")]
    [InlineData(PickReason.BodyNotSent, "chosen on the headers, because the proxy does not send the body: 10.0.0.1:8000 scored 2")]
    [InlineData(PickReason.HeadersOnly, "chosen without a body to read: 10.0.0.1:8000 scored 2")]
    public void Scored_WithoutTheWholeBody_SaysItFirst(PickReason reason, string start) =>
        Assert.StartsWith(start, DecisionSentence.Of(Scored([2, 1]) with { Reason = reason }), StringComparison.Ordinal);

    [Theory]
    [InlineData(PickReason.DeadlineExceeded, 2, 3, "the decision's budget ran out, so this is the fallback pick: 10.0.0.1:8000 has the fewest requests in flight, 2; 10.0.0.2:8000 has 3")]
    [InlineData(PickReason.InternalFault, 2, 2, "the picker failed, see its log, so this is the fallback pick: 10.0.0.1:8000 has 2 requests in flight, as has 10.0.0.2:8000, and came first by chance")]
    [InlineData(PickReason.HeadersOnly, 2, 1, "chosen without a body to read: 10.0.0.1:8000 was drawn by chance")]
    public void Fallback_ByReason_SaysHowItWasChosen(PickReason reason, int picked, int other, string sentence)
    {
        CandidateDecision[] candidates = [Candidate(0, 0) with { InFlight = picked }, Candidate(1, 0) with { InFlight = other }];
        Decision decision = Scored([0, 0]) with { Reason = reason, Profile = null, Scorers = [], Candidates = candidates, Pick = candidates[0], RunnerUp = candidates[1] };

        Assert.Equal(sentence, DecisionSentence.Of(decision));
        candidates = [.. candidates, Candidate(2, 0) with { RemovedBy = "fallback" }];
        Assert.Equal(sentence + "; 1 without fresh signals passed over", DecisionSentence.Of(decision with { Candidates = candidates }));
    }

    [Fact]
    public void Refused_ByFilters_CountsWhatEachRemoved()
    {
        CandidateDecision[] candidates = [.. Enumerable.Range(0, 3).Select(i => Candidate(i, 0) with { RemovedBy = i < 2 ? "role" : "load" })];
        Decision decision = Refused(PickReason.Saturated) with { Candidates = candidates, CandidateCount = 3 };

        Assert.Equal("filters removed all 3 candidates: 2 by role, 1 by load", DecisionSentence.Of(decision));
    }

    [Theory]
    [InlineData(PickReason.NoEndpoints, "the pool is empty")]
    [InlineData(PickReason.Shed, "the candidates are saturated, and a request of priority -2 is sheddable")]
    [InlineData(PickReason.NotCached, "the client wants an answer from cache only, and the best candidate holds nothing of the prompt")]
    [InlineData(PickReason.BadRequest, "as the client is told")]
    [InlineData(PickReason.UnknownPool, "as the client is told")]
    public void Refused_ByReason_SaysWhy(PickReason reason, string sentence) => Assert.Equal(sentence, DecisionSentence.Of(Refused(reason)));

    [Theory]
    [InlineData("base", "base-v2", "; model base rewritten to base-v2 by rewrite canary")]
    [InlineData("base", "base", "; model base kept by rewrite canary")]
    [InlineData("", "base", "; model base put in by rewrite canary")]
    public void Rewritten_ByARule_SaysByWhich(string model, string target, string end) => Assert.Equal(
        "10.0.0.1:8000 was the only candidate" + end,
        DecisionSentence.Of(Scored([1]) with { Model = model, TargetModel = target, Rewrite = "canary" }));

    [Fact]
    public void Rewritten_BodyNotSeen_SaysThatNoneApplied() => Assert.EndsWith(
        "; no model rewrite applied, because the picker does not see the body or cannot change it",
        DecisionSentence.Of(Scored([1]) with { Reason = PickReason.BodyNotSent, RewritesSkipped = true }),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(null, PrioritySource.Default, 0, "")]
    [InlineData("batch", PrioritySource.Objective, -1, "; priority -1 by objective batch")]
    [InlineData(null, PrioritySource.Model, 2, "; priority 2 by model")]
    [InlineData("<b>", PrioritySource.Model, 2, "; its objective is not known, so priority 2 by model")]
    [InlineData("<b>", PrioritySource.Default, 0, "; its objective is not known, so priority 0")]
    public void Prioritized_BySource_SaysBy(string? objective, PrioritySource source, int priority, string end) => Assert.Equal(
        "10.0.0.1:8000 was the only candidate" + end,
        DecisionSentence.Of(Scored([1]) with { Objective = objective, PrioritySource = source, Priority = priority }));

    [Fact]
    public void Refused_Ruled_SaysAllOfIt() => Assert.Equal(
        "the candidates are saturated, and a request of priority -2 is sheddable; model m rewritten to v2 by rewrite canary; priority -2 by objective batch",
        DecisionSentence.Of(Refused(PickReason.Shed) with { TargetModel = "v2", Rewrite = "canary", Objective = "batch", PrioritySource = PrioritySource.Objective }));

    private static Decision Refused(PickReason reason) => Scored([]) with
    {
        Reason = reason,
        Error = InferenceErrorCode.Internal,
        Message = "as the client is told",
        Priority = -2,
        PoolSize = 0,
        Pick = null,
        RunnerUp = null,
    };
}

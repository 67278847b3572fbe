namespace EndpointPicker.Demo.Traffic;

/// <summary>What is sent: the same to both sides.</summary>
/// <param name="Description">One line for people.</param>
/// <param name="LongestContext">Tokens of the longest prompt with its answer, estimated.</param>
/// <param name="IsClosedLoop">Whether sessions wait for answers, so that the faster side gets further in the same time.</param>
/// <param name="Sessions">In the order of their starts; may be endless.</param>
internal sealed record Workload(string Description, int LongestContext, bool IsClosedLoop, IEnumerable<PlannedSession> Sessions)
{
    /// <summary>The workload without sessions that have a request of more tokens.</summary>
    public Workload Within(int tokens) => this with { Sessions = Sessions.Where(session => session.Turns.All(turn => turn.Context <= tokens)) };
}

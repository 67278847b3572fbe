using EndpointPicker.Demo.Traffic;

namespace EndpointPicker.Demo.Traces;

/// <summary>
/// LMCache's agent sessions: whole prompts, each turn's beginning with the one before it. Closed loop: a turn is sent when the one before it is
/// answered and the pause between their recorded times has passed; longer pauses than ten seconds are cut to that, since they are people's.
/// </summary>
internal sealed class AgentTrace : ITraceFormat
{
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(10);

    public string Name => "LMCache agent";

    public string Expected => """{"timestamp": us, "input": "prompt", "output": "answer", "session_id": "..."}""";

    public bool Recognizes(string firstLine) => TraceField.HasFields(firstLine, "timestamp", "input", "session_id");

    public IReadOnlyList<PlannedSession> Read(TraceLines lines)
    {
        List<Row> rows = lines.JsonRows(Expected, row => new Row(
            TimeSpan.FromMicroseconds(TraceField.Time(row, "timestamp")),
            TraceField.Text(row, "input"),
            TracePlan.AnswerTokens(TraceField.Text(row, "output")),
            TraceField.Text(row, "session_id")));
        return TracePlan.InOrder(rows.GroupBy(row => row.Session).Select(session => Plan([.. session.OrderBy(row => row.At)])));
    }

    private static PlannedSession Plan(IReadOnlyList<Row> turns) => new(turns[0].At, [.. turns.Select((turn, i) => Plan(turn, i == 0 ? turn.At : turns[i - 1].At))]);

    private static PlannedTurn Plan(Row turn, TimeSpan before)
    {
        TimeSpan gap = turn.At - before;
        return new PlannedTurn(
            gap < LongestGap ? gap : LongestGap,
            Models.Base,
            RequestBody.ChatPath,
            TracePlan.EstimateTokens(turn.Input) + turn.OutputTokens,
            new Lazy<byte[]>(() => RequestBody.Chat(Models.Base, system: null, turn.Input, turn.OutputTokens, stream: true)));
    }

    private sealed record Row(TimeSpan At, string Input, int OutputTokens, string Session);
}

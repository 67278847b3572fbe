using System.Text;
using EndpointPicker.Demo.Traffic;

namespace EndpointPicker.Demo.Traces;

/// <summary>Turns what traces record into sessions.</summary>
internal static class TracePlan
{
    public static PlannedSession Single(TimeSpan at, string path, int context, Func<byte[]> body) =>
        new(at, [new PlannedTurn(TimeSpan.Zero, Models.Base, path, context, new Lazy<byte[]>(body))]);

    /// <summary>By their starts, the first at zero.</summary>
    public static IReadOnlyList<PlannedSession> InOrder(IEnumerable<PlannedSession> sessions)
    {
        PlannedSession[] sorted = [.. sessions.OrderBy(session => session.Start)];
        return [.. sorted.Select(session => session with { Start = session.Start - sorted[0].Start })];
    }

    /// <summary>The same in less time: starts and pauses alike.</summary>
    public static IReadOnlyList<PlannedSession> Faster(IReadOnlyList<PlannedSession> sessions, double speed) =>
    [
        .. sessions.Select(session => new PlannedSession(session.Start / speed, [.. session.Turns.Select(turn => turn with { Gap = turn.Gap / speed })])),
    ];

    /// <summary>How many tokens the simulated servers make of a text, about: at most four bytes each, and none across the space before a word.</summary>
    public static int EstimateTokens(string text) => (Encoding.UTF8.GetByteCount(text) + 2) / 3;

    /// <summary>How long an answer was that is only known by its text.</summary>
    public static int AnswerTokens(string text) => Math.Max(1, Encoding.UTF8.GetByteCount(text) / 4);
}

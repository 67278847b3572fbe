using System.Globalization;
using EndpointPicker.Demo.Traffic;

namespace EndpointPicker.Demo.Traces;

/// <summary>A recorded workload, whatever its format.</summary>
internal static class TraceFile
{
    private static readonly ITraceFormat[] Formats = [new MooncakeTrace(), new AgentTrace(), new AzureTrace(), new AibrixTrace(), new ShareGptTrace()];

    /// <summary>Reads a whole file, told by its first line, to be replayed <paramref name="speed"/> times as fast.</summary>
    /// <exception cref="TraceException">There is no such file, its format is unknown, or a line is bad.</exception>
    public static Workload Read(string path, double speed)
    {
        var lines = TraceLines.Open(path);
        (int number, string first) = lines.All[0];
        ITraceFormat format = Formats.FirstOrDefault(format => format.Recognizes(first))
            ?? throw lines.Problem(number, "no known trace begins so", "one of\n" + string.Join('\n', Formats.Select(known => $"  {known.Name}: {known.Expected}")));
        IReadOnlyList<PlannedSession> sessions = TracePlan.Faster(format.Read(lines), speed);
        int requests = sessions.Sum(session => session.Turns.Count);
        bool closed = requests > sessions.Count;
        string pace = speed == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" at {speed:0.##} times its speed");
        string size = closed
            ? string.Create(CultureInfo.InvariantCulture, $"{requests:N0} requests of {sessions.Count:N0} sessions, each turn after the answer to the one before it")
            : string.Create(CultureInfo.InvariantCulture, $"{requests:N0} requests of {sessions[^1].Start.TotalMinutes:0.#} minutes");
        return new Workload(
            $"{format.Name} trace {Path.GetFileName(path)}{pace}: {size}", sessions.Max(session => session.Turns.Max(turn => turn.Context)), closed, sessions);
    }
}

using EndpointPicker.Demo.Traffic;

namespace EndpointPicker.Demo.Traces;

/// <summary>One way in which workloads are recorded.</summary>
internal interface ITraceFormat
{
    string Name { get; }

    /// <summary>What a line of it holds, for people.</summary>
    string Expected { get; }

    /// <summary>Whether a file that begins with this line is of this format.</summary>
    bool Recognizes(string firstLine);

    /// <summary>The sessions of a file in the order of their starts, the first at zero.</summary>
    /// <param name="lines">The whole file.</param>
    /// <exception cref="TraceException">A line is not what it should be.</exception>
    IReadOnlyList<PlannedSession> Read(TraceLines lines);
}

namespace ModelServerSimulator.Engine;

/// <summary>When a sequence passed its stations, as timestamps of the engine's clock; 0 is never.</summary>
internal sealed class SequenceTimes
{
    public long Arrived { get; set; }

    public long Scheduled { get; set; }

    public long FirstToken { get; set; }

    public long LastToken { get; set; }

    public int Preemptions { get; set; }
}

namespace ModelServerSimulator.Engine;

/// <summary>What is left of a step's token budget and what the step will take.</summary>
internal struct StepCost(EngineOptions options)
{
    private int _prefillTokens;
    private int _decodes;
    private long _contextTokens;

    public int Budget { get; private set; } = options.MaxBatchedTokens;

    public int LoraLoads { get; set; }

    public readonly TimeSpan Duration => options.StepTime
        + (_prefillTokens * options.PrefillTimePerToken)
        + (_decodes * options.DecodeTimePerSequence)
        + (_contextTokens / 1000.0 * options.DecodeTimePerThousandContextTokens)
        + (LoraLoads * options.LoraLoadTime);

    public void AddPrefill(int tokens)
    {
        Budget -= tokens;
        _prefillTokens += tokens;
    }

    /// <summary>Adds one token of a sequence that will hold <paramref name="context"/> tokens with it.</summary>
    public void AddDecode(int context)
    {
        Budget--;
        _decodes++;
        _contextTokens += context;
    }
}

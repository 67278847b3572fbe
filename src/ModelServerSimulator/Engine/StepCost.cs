namespace ModelServerSimulator.Engine;

/// <summary>What is left of a step's token budget and what the step will take.</summary>
internal struct StepCost(EngineOptions options)
{
    private int _prefillTokens;
    private int _decodes;

    public int Budget { get; private set; } = options.MaxBatchedTokens;

    public int LoraLoads { get; set; }

    public readonly TimeSpan Duration => options.StepTime
        + (_prefillTokens * options.PrefillTimePerToken)
        + (_decodes * options.DecodeTimePerSequence)
        + (LoraLoads * options.LoraLoadTime);

    public void Add(int tokens, bool isDecode)
    {
        Budget -= tokens;
        if (isDecode)
        {
            _decodes++;
        }
        else
        {
            _prefillTokens += tokens;
        }
    }
}

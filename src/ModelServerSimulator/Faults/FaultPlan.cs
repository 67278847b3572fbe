namespace ModelServerSimulator.Faults;

/// <summary>What goes wrong from now on; rates are shares of 0 to 1 of what they speak of. <see cref="FaultSettings"/> describes each.</summary>
internal sealed record FaultPlan
{
    public double SlowFactor { get; init; } = 1;

    public double SlowRate { get; init; } = 1;

    public double HangRate { get; init; }

    public double DropRate { get; init; }

    public double DeadRate { get; init; }

    public double ErrorRate { get; init; }

    public int ErrorStatus { get; init; } = 503;

    public double ResetRate { get; init; }

    public int ResetAfterChunks { get; init; } = 3;

    public MetricsPageState MetricsPage { get; init; }

    public IReadOnlyList<string> MetricsWithout { get; init; } = [];

    public TimeSpan MetricsDelay { get; init; }

    public double MetricsRate { get; init; } = 1;
}

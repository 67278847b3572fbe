namespace ModelServerSimulator.Faults;

/// <summary>The plan in force, and the dice: the same seed and order of requests give the same faults.</summary>
internal sealed class FaultInjector
{
    private readonly FaultPlan _start;
    private readonly Random _random;

    // Protects the dice, and writers of the plan from each other.
    private readonly Lock _lock = new();
    private volatile FaultPlan _plan;

    public FaultInjector(FaultPlan start, Random random)
    {
        _start = start;
        _plan = start;
        _random = random;
    }

    public FaultPlan Plan => _plan;

    public void Change(Func<FaultPlan, FaultPlan> change)
    {
        lock (_lock)
        {
            _plan = change(_plan);
        }
    }

    /// <summary>Goes back to the plan of the start.</summary>
    public void Restore() => Change(_ => _start);

    public bool Strikes(double rate)
    {
        if (rate <= 0 || rate >= 1)
        {
            return rate > 0;
        }

        lock (_lock)
        {
            return _random.NextDouble() < rate;
        }
    }

    /// <summary>How long a step takes that should take <paramref name="step"/>.</summary>
    public TimeSpan Stretch(TimeSpan step) => _plan.SlowFactor != 1 && Strikes(_plan.SlowRate) ? step * _plan.SlowFactor : step;
}

namespace EndpointPicker.Core.Scheduling;

/// <summary>Something that one plugin finds out during a pick and others read; kept and reused from pick to pick.</summary>
public abstract class PickFact
{
    /// <summary>Forgets the last pick.</summary>
    /// <param name="slots">One more than the highest slot of the pool.</param>
    protected internal abstract void Reset(int slots);
}

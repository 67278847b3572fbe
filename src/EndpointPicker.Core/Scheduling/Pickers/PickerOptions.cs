namespace EndpointPicker.Core.Scheduling.Pickers;

/// <summary>Options of all pickers.</summary>
public sealed record PickerOptions
{
    /// <summary>How many endpoints to pick, best first.</summary>
    /// <value>Default 1; below 1 means 1. Where there are fewer candidates, all are picked.</value>
    public int MaxNumOfEndpoints { get; init; } = 1;

    internal int Count(int candidates) => Math.Min(Math.Max(MaxNumOfEndpoints, 1), candidates);
}

namespace EndpointPicker.Core.Scheduling.Filters;

/// <summary>Options of <see cref="ByLabelFilter"/>.</summary>
public sealed record ByLabelFilterOptions
{
    /// <summary>The label's key.</summary>
    public required string Label { get; init; }

    /// <summary>The values that are kept.</summary>
    public IReadOnlyList<string> ValidValues { get; init; } = [];

    /// <summary>Whether endpoints without the label are kept too.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool AllowsNoLabel { get; init; }
}

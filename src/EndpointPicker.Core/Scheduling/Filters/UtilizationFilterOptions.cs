namespace EndpointPicker.Core.Scheduling.Filters;

/// <summary>Options of <see cref="UtilizationFilter"/>.</summary>
public sealed record UtilizationFilterOptions
{
    /// <summary>All of them must hold.</summary>
    public required IReadOnlyList<UtilizationCondition> Conditions { get; init; }

    /// <summary>Whether all candidates are kept where none meets the conditions.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool FallbackOnEmpty { get; init; }
}

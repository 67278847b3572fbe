namespace EndpointPicker.Core.Scheduling;

/// <summary>One way to come from candidates to picks: filters in order, weighted scorers, a picker.</summary>
/// <param name="Name">The profile's name.</param>
/// <param name="Filters">The filters, in the order in which they run.</param>
/// <param name="Scorers">The scorers with their weights.</param>
/// <param name="Picker">The picker.</param>
public sealed record SchedulingProfile(
    string Name,
    IReadOnlyList<Named<IFilter>> Filters,
    IReadOnlyList<WeightedScorer> Scorers,
    Named<IPicker> Picker);

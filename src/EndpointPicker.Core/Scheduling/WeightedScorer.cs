namespace EndpointPicker.Core.Scheduling;

/// <summary>A scorer in a profile.</summary>
/// <param name="Scorer">The scorer and its identity.</param>
/// <param name="Weight">What its scores are multiplied with; 0 and negative numbers are legal.</param>
public sealed record WeightedScorer(Named<IScorer> Scorer, double Weight);

namespace EndpointPicker.Core.RequestControl;

/// <summary>A scorer as a recorded decision shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Weight">Its weight.</param>
public readonly record struct ScorerLabel(string Name, double Weight);

namespace EndpointPicker.Core.RequestControl;

/// <summary>A model that a rewrite may choose.</summary>
/// <param name="Model">The model that the server shall run.</param>
/// <param name="Weight">
/// Its share, in proportion to the sum of all; <see langword="null"/> where none is given. Where no target has one, all are alike; where some have,
/// the others are never chosen.
/// </param>
public sealed record ModelRewriteTarget(string Model, int? Weight);

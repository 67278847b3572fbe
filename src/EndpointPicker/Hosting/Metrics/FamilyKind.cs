namespace EndpointPicker.Hosting.Metrics;

/// <summary>What a family of series measures.</summary>
internal enum FamilyKind
{
    Counter,

    /// <summary>A gauge that is counted up and down.</summary>
    UpDown,

    /// <summary>A gauge that is set.</summary>
    Gauge,
    Histogram,
}

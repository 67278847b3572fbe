namespace EndpointPicker.Core.Scheduling;

/// <summary>What has become of one profile during a pick.</summary>
public enum ProfileOutcome
{
    /// <summary>It has not run.</summary>
    NotRun,

    /// <summary>It picked at least one endpoint.</summary>
    Picked,

    /// <summary>Its filters left no candidate.</summary>
    Empty,
}

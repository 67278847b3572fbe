namespace EndpointPicker.LoadGenerator.Gateway;

/// <summary>How the gateway reads the picker's choice.</summary>
public enum DestinationSource
{
    /// <summary>An ordered list of known endpoints, metadata before header, with a fallback (Envoy's override_host policy).</summary>
    OverrideHost,

    /// <summary>Exactly one address, dialled as it is; without one there is no upstream (Envoy's ORIGINAL_DST cluster).</summary>
    OriginalDestination,
}

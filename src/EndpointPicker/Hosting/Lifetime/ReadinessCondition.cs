namespace EndpointPicker.Hosting.Lifetime;

/// <summary>What this picker must have before it should get traffic, in the order in which reasons are told.</summary>
internal enum ReadinessCondition
{
    /// <summary>Not asked to stop. Once it is not met it stays so.</summary>
    NotDraining,

    /// <summary>The pool's endpoints are known.</summary>
    Pool,

    /// <summary>Every parser speaks the protocol that the pool is declared with.</summary>
    AppProtocol,

    /// <summary>This replica leads, where only one is to serve.</summary>
    Leader,

    /// <summary>The code is compiled.</summary>
    Warm,
}

using FunctionalTests.Harness;

namespace FunctionalTests.Rollouts;

/// <summary>How Envoy asks the picker and finds model servers, as the manifests of the same names have it.</summary>
/// <param name="Bootstrap">The bootstrap.</param>
/// <param name="KnowsPods">Whether Envoy has the pods from its gateway, beside what the picker says.</param>
internal sealed record RolloutProfile(string Bootstrap, bool KnowsPods)
{
    public static RolloutProfile Named(string name) => name switch
    {
        "full-duplex-fail-closed" => new RolloutProfile(Bootstraps.OverrideHost, KnowsPods: true),
        "buffered-fail-open" => new RolloutProfile(Bootstraps.OverrideHost.WithMode("BUFFERED").FailOpen(), KnowsPods: true),
        "inference-pool" => new RolloutProfile(Bootstraps.OriginalDst, KnowsPods: false),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such profile"),
    };
}

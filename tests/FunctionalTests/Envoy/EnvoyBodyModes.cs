using FunctionalTests.BodyModes;
using FunctionalTests.Harness;

namespace FunctionalTests.Envoy;

/// <summary>Envoy with the bootstrap that users are given, in each body mode.</summary>
public sealed class EnvoyBodyModes : BodyModeChains
{
    // With a retry policy on the route Envoy 1.40 can send a body that ends with trailers twice, also where the picker sees none of it.
    private protected override async Task<IChain> StartAsync(string requestMode, string responseMode) =>
        await Chain.StartAsync(Bootstraps.OverrideHost.WithoutRetries().WithMode(requestMode, responseMode));
}

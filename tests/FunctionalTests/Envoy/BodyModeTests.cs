using FunctionalTests.BodyModes;

namespace FunctionalTests.Envoy;

/// <summary>The body modes as a real Envoy speaks them.</summary>
public sealed class BodyModeTests(EnvoyBodyModes modes) : BodyModeCases(modes), IClassFixture<EnvoyBodyModes>;

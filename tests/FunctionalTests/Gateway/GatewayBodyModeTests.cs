using FunctionalTests.BodyModes;

namespace FunctionalTests.Gateway;

/// <summary>The same body modes as the built-in gateway speaks them: where there is no Envoy, it must stand in for one.</summary>
public sealed class GatewayBodyModeTests(GatewayBodyModes modes) : BodyModeCases(modes), IClassFixture<GatewayBodyModes>;

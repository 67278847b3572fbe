using EndpointPicker.LoadGenerator.Gateway;
using FunctionalTests.BodyModes;
using FunctionalTests.Harness;

namespace FunctionalTests.Gateway;

/// <summary>The built-in gateway in each body mode.</summary>
public sealed class GatewayBodyModes : BodyModeChains
{
    private protected override async Task<IChain> StartAsync(string requestMode, string responseMode) => await GatewayChain.StartAsync(options => options with
    {
        RequestBodyMode = Mode(requestMode),
        ResponseBodyMode = Mode(responseMode),
        SendResponseTrailers = responseMode != "NONE",
    });

    private static BodyMode Mode(string name) => Enum.Parse<BodyMode>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
}

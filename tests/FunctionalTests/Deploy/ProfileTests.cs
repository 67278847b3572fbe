using System.Text.Json.Nodes;
using Testing;

namespace FunctionalTests.Deploy;

/// <summary>The profiles are those whose Envoy configuration was recorded and is driven with traffic by the other tests.</summary>
[Collection(DeployTests.Name)]
public sealed class ProfileTests(DeployServer server)
{
    [Theory]
    [InlineData("full-duplex-fail-closed", "fds", false, true)]
    [InlineData("circuit-breaking", "fds", true, true)]
    [InlineData("buffered-fail-open", "buffered-fail-open", false, true)]
    [InlineData("headers-only", "headers-only-fail-open", false, true)]
    // The body that the picker asks for has to fit, so the buffer is larger than the recorded one.
    [InlineData("mode-override", "mode-override", false, false)]
    public async Task EnvoyGateway_Profile_IsTheRecordedOne(string profile, string recorded, bool breaker, bool buffer)
    {
        Rendering ours = await server.RenderAsync("envoy-gateway/" + profile);
        Rendering theirs = await server.AcceptAsync(await File.ReadAllTextAsync(
            Fixtures.Require("envoy", "envoy-gateway-1.9", recorded + ".manifests.yaml"), TestContext.Current.CancellationToken));

        // More attributes change nothing but what the picker is told.
        string[] attributes = Attributes(ours);
        Assert.All(Attributes(theirs), attribute => Assert.Contains(attribute, attributes));
        JsonObject asking = Asking(ours);

        // Changes nothing below a thousand requests at once, and the recorded ones were fewer.
        Assert.True(asking["backendSettings"]!["http2"]!.AsObject().Remove("maxConcurrentStreams"));
        ExpectSame(Asking(theirs), asking);
        string[] aside = breaker ? ["targetRefs"] : ["targetRefs", "circuitBreaker"];
        ExpectSame(Policy(theirs, "BackendTrafficPolicy", aside), Policy(ours, "BackendTrafficPolicy", aside));
        aside = buffer ? ["targetRefs"] : ["targetRefs", "connection"];
        ExpectSame(Policy(theirs, "ClientTrafficPolicy", aside), Policy(ours, "ClientTrafficPolicy", aside));
        ExpectSame(Route(theirs), Route(ours));
    }

    [Fact]
    public async Task InferencePool_IsTheRecordedOne()
    {
        Rendering ours = await server.RenderAsync("inference-pool/circuit-breaking");
        Rendering theirs = await server.AcceptAsync(await File.ReadAllTextAsync(
            Fixtures.Require("envoy", "ai-gateway-1.1", "inference-pool.manifests.yaml"), TestContext.Current.CancellationToken));

        ExpectSame(Policy(theirs, "InferencePool"), Policy(ours, "InferencePool"));
        ExpectSame(Policy(theirs, "BackendTrafficPolicy"), Policy(ours, "BackendTrafficPolicy", "timeout"));
        ExpectSame(Route(theirs), Route(ours));
    }

    /// <summary>Over 1,000 resets that wait to be sent make Envoy close a connection with all its streams: either fewer streams, or a higher limit.</summary>
    [Fact]
    public async Task PickerCluster_HoldsNoMoreStreamsThanCanEndAtOnce()
    {
        Rendering gateway = await server.RenderAsync("envoy-gateway/full-duplex-fail-closed");
        Assert.InRange(Asking(gateway)["backendSettings"]!["http2"]!["maxConcurrentStreams"]!.GetValue<int>(), 100, 999);

        string[] bootstraps =
            [.. Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "deploy"), "*.yaml", SearchOption.AllDirectories).Where(file => File.ReadAllText(file).Contains("cluster_name: epp", StringComparison.Ordinal))];
        Assert.Equal(4, bootstraps.Length);
        Assert.All(bootstraps, file => Assert.Contains("max_outbound_control_frames: 100000", File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Picker_WhereBodiesComeByModeOverride_AsksForThem()
    {
        PodTemplate pod = Assert.Single((await server.RenderAsync("envoy-gateway/mode-override")).Pods);

        Assert.Contains("--request-body-by-mode-override", pod.Container("epp").Texts("args"));
    }

    private static JsonObject Asking(Rendering rendering)
    {
        JsonObject asking = Assert.Single(Assert.Single(rendering.OfKind("EnvoyExtensionPolicy"))["spec"].Items("extProc")).Without("backendRefs");
        asking["processingMode"]!["response"]!.AsObject().Remove("attributes");
        return asking;
    }

    private static string[] Attributes(Rendering rendering) =>
        [.. Assert.Single(Assert.Single(rendering.OfKind("EnvoyExtensionPolicy"))["spec"].Items("extProc"))["processingMode"]!["response"].Texts("attributes")];

    private static JsonObject Policy(Rendering rendering, string kind, params string[] aside) => Assert.Single(rendering.OfKind(kind))["spec"]!.Without(aside);

    // Recorded with a Backend on loopback, or with the pool itself.
    private static JsonArray Route(Rendering rendering) =>
        new JsonArray([.. Assert.Single(rendering.OfKind("HTTPRoute"))["spec"].Items("rules").Select(rule => rule.Without("backendRefs"))]);

    private static void ExpectSame(JsonNode expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"recorded:\n{expected}\nhere:\n{actual}");
}

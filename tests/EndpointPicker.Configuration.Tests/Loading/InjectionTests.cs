using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.FlowControl;
using EndpointPicker.Configuration.Loading;
using EndpointPicker.Configuration.Plugins;
using EndpointPicker.Configuration.Schemas;

namespace EndpointPicker.Configuration.Tests.Loading;

public sealed class InjectionTests
{
    [Fact]
    public void Load_TokenLoadScorerAlone_GetsItsProducers() =>
        Assert.Contains("inflight-load-producer, token-producer", FirstLine("plugins: [{type: token-load-scorer}]"), StringComparison.Ordinal);

    [Fact]
    public void Load_PrefixScorerWithRenamedProducer_GetsTheDefaultOneToo() => Assert.EndsWith(
        "approx-prefix-cache-producer, token-producer",
        FirstLine("plugins: [{type: prefix-cache-scorer}, {type: approx-prefix-cache-producer, name: mine}]"));

    [Fact]
    public void Load_ScorerNamesAMissingProducer_IsRefused() => LoaderAssert.Refuses(
        "plugins:\n- type: approx-prefix-cache-producer\n  name: mine\n- type: prefix-cache-scorer\n  parameters:\n    prefixMatchInfoProducerName: mina\n",
        "6:34: error: 'prefix-cache-scorer' refers to the plugin 'mina', which is not declared; did you mean 'mine'?");

    [Fact]
    public void Load_ScorerNamesAProducerOfOtherData_IsRefused() => LoaderAssert.Refuses(
        "plugins:\n- type: token-producer\n- type: prefix-cache-scorer\n  parameters:\n    prefixMatchInfoProducerName: token-producer\n",
        "5:34: error: 'prefix-cache-scorer' reads PrefixCacheMatchInfo from 'token-producer', which does not produce it; refer to a producer of PrefixCacheMatchInfo, such as one of type 'approx-prefix-cache-producer'");

    [Fact]
    public void Load_ProducersInACircle_IsRefusedWithTheCircle()
    {
        PluginCatalog catalog = new([.. ShippedPlugins.Catalog.Types, new RingType("ring-a", "b"), new RingType("ring-b", "a")], []);
        ConfigurationOutcome outcome = ConfigurationLoader.Load(
            "plugins:\n- {name: a, type: ring-a}\n- {name: b, type: ring-b}\n", "c.yaml", new LoadSettings(), catalog);
        Assert.Equal(
            "c.yaml:2:3: error: plugins need each other in a circle: a -> b -> a; let one of them name another producer",
            Assert.Single(outcome.Diagnostics).ToString());
    }

    [Fact]
    public void Load_OneDeclaredPicker_IsUsedByProfilesWithoutOne() => Assert.Contains(
        "      - pluginRef: r\n",
        LoaderAssert.Loads("plugins: [{type: queue-scorer}, {type: random-picker, name: r}]\nschedulingProfiles: [{name: p, plugins: [{pluginRef: queue-scorer}]}]").EffectiveText.Replace("          - ", "      - ", StringComparison.Ordinal),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("plugins: [{type: random-picker}, {type: max-score-picker}]", "1:1: error: profile 'default' has 2 pickers: random-picker, max-score-picker; keep one of them")]
    [InlineData("schedulingProfiles: [{name: a}, {name: b}]", "1:21: error: there are 2 profiles and no profile handler to choose between them; add a profile handler, or keep one profile")]
    [InlineData("schedulingProfiles: [{name: a}, {name: a}]", "1:21: error: there are 2 profiles and no profile handler to choose between them; add a profile handler, or keep one profile", "1:40: error: two profiles are called 'a'; give one of them another name")]
    [InlineData("plugins: [{type: single-profile-handler}]\nschedulingProfiles: [{name: a}, {name: b}]", "2:21: error: 'single-profile-handler' takes one profile, and there are 2; keep one profile")]
    [InlineData("schedulingProfiles: [{plugins: []}]", "1:22: error: schedulingProfiles[0] lacks 'name'; add 'name' (text): The profile's name.")]
    [InlineData("dataLayer: {injectDefaults: false}", "1:29: error: the data layer has no source of signals; remove 'injectDefaults: false', or add the source 'metrics-data-source' with the extractor 'core-metrics-extractor'")]
    [InlineData("dataLayer: {discovery: {pluginRef: file-discovery}}", "1:36: error: dataLayer.discovery refers to the plugin 'file-discovery', which is not declared; add it to 'plugins'")]
    [InlineData("plugins: [{type: queue-scorer}]\ndataLayer: {sources: [{pluginRef: queue-scorer}]}", "2:35: error: dataLayer.sources refers to 'queue-scorer' of type 'queue-scorer', which is a scorer and no data source; refer to a data source")]
    [InlineData("requestHandler: {parsers: [{pluginRef: openai-parse}]}", "1:40: error: unknown plugin type 'openai-parse'; did you mean 'openai-parser'?")]
    [InlineData("requestHandler: {parsers: [{pluginRef: vertexai-parser}]}", "1:40: error: plugin type 'vertexai-parser' of the reference is not built here yet; remove the plugin and what refers to it; docs/configuration.md lists the types that are built")]
    [InlineData("plugins: [{type: queue-scorer, name: d}]\nsaturationDetector: {pluginRef: d}", "2:21: warning: 'saturationDetector' is deprecated here; move it to 'flowControl.saturationDetector'", "2:33: error: flowControl.saturationDetector refers to 'd' of type 'queue-scorer', which is a scorer and no saturation detector; refer to a saturation detector")]
    public void Load_WrongReferences_AreRefused(string text, params string[] findings) => LoaderAssert.Refuses(text, findings);

    [Theory]
    [InlineData("max-score-picker", "picker")]
    [InlineData("single-profile-handler", "profile handler")]
    [InlineData("openai-parser", "parser")]
    [InlineData("metrics-data-source", "data source")]
    [InlineData("core-metrics-extractor", "extractor")]
    [InlineData("fcfs-ordering-policy", "ordering policy")]
    public void Load_NameOfANeededPluginIsTaken_IsRefused(string name, string role) => LoaderAssert.Refuses(
        $"plugins:\n- {{type: queue-scorer, name: {name}}}\n",
        $"2:3: error: a {role} called '{name}' is needed, and a plugin of type 'queue-scorer' has that name; give the plugin another 'name'");

    [Fact]
    public void Load_OldParserField_MovesWithAWarning()
    {
        EndpointPickerConfiguration configuration = LoaderAssert.Loads(
            "parser: {pluginRef: sglanghttp-parser}", "1:9: warning: 'parser' is deprecated; move it to 'requestHandler.parsers'");
        Assert.Equal(["sglanghttp-parser"], configuration.Parsers.Used.Select(parser => parser.Type));
    }

    [Fact]
    public void Load_ParserBehindPassthrough_IsNotUsed() => LoaderAssert.Loads(
        "requestHandler: {parsers: [{pluginRef: passthrough-parser}, {pluginRef: openai-parser}, {pluginRef: passthrough-parser}]}",
        "1:73: warning: 'openai-parser' is never asked, because 'passthrough-parser' before it takes every request; move it before 'passthrough-parser'",
        "1:101: warning: 'passthrough-parser' is a second parser of type 'passthrough-parser' and is not used; remove it");

    [Fact]
    public void Load_FlowControlWithoutItsGate_Warns() => LoaderAssert.Loads(
        "flowControl: {maxRequests: 5}",
        "1:14: warning: of 'flowControl' only the saturation detector is used while the feature gate is off; add 'flowControl' to 'featureGates', or remove the section");

    [Fact]
    public void Load_FlowControlWithItsGate_HasTheReferencesDefaults()
    {
        FlowControlOptions options = LoaderAssert.Loads(
            """
            featureGates: [" flowControl = True "]
            flowControl:
              maxBytes: 1Gi
              defaultRequestTTL: 30s
              priorityBands:
              - {priority: 1, maxBytes: 0, maxRequests: 100m}
            """).FlowControl;
        Assert.True(options.Enabled);
        Assert.Equal((1073741824L, (long?)null), (options.MaxBytes, options.MaxRequests));
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30)), (options.DefaultRequestTtl, options.NoEndpointRequestTtl));
        Assert.Equal(
            new PriorityBandOptions
            {
                Priority = 1,
                MaxBytes = 1_000_000_000,
                MaxRequests = 1,
                FairnessPolicy = "global-strict-fairness-policy",
                OrderingPolicy = "fcfs-ordering-policy",
            },
            Assert.Single(options.PriorityBands));
    }

    private static string FirstLine(string text) => LoaderAssert.Loads(text).EffectiveText.Split('\n')[0];

    private sealed class RingType(string name, string other) : PluginType
    {
        private static readonly DataKey Key = new("Ring", "none");

        public override string Name => name;

        public override string Summary => "For this test.";

        public override PluginRoles Roles => PluginRoles.DataProducer;

        public override IReadOnlyList<DataKey> Produces => [Key];

        public override IEnumerable<DataNeed> Needs(FieldValues values) => [new(Key, other, values.Position)];
    }
}

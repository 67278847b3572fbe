using System.Diagnostics.Metrics;
using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Loading;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Scheduling;
using EndpointPicker.Core.Scheduling.Filters;
using EndpointPicker.Core.Scheduling.Pickers;
using EndpointPicker.Core.Scheduling.Producers;
using EndpointPicker.Core.Scheduling.Profiles;
using Microsoft.Extensions.Logging.Abstractions;
using Testing;

namespace EndpointPicker.Configuration.Tests.Loading;

/// <summary>The presets that the reference ships and whose plugins are built here, as its descriptions have them.</summary>
public sealed class PresetTests
{
    private const string Default = """
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: queue-scorer
        - type: kv-cache-utilization-scorer
        - type: prefix-cache-scorer
        schedulingProfiles:
        - name: default
          plugins:
          - {pluginRef: queue-scorer, weight: 2}
          - {pluginRef: kv-cache-utilization-scorer, weight: 2}
          - {pluginRef: prefix-cache-scorer, weight: 3}
        """;

    private const string HelmWithSglang = """
        plugins:
        - type: queue-scorer
        - type: kv-cache-utilization-scorer
        - type: prefix-cache-scorer
        - type: metrics-data-source
          parameters: {scheme: http, path: /metrics, insecureSkipVerify: true}
        - type: core-metrics-extractor
          parameters: {defaultEngine: sglang}
        schedulingProfiles:
        - name: default
          plugins:
          - {pluginRef: queue-scorer, weight: 2}
          - {pluginRef: kv-cache-utilization-scorer, weight: 2}
          - {pluginRef: prefix-cache-scorer, weight: 3}
        dataLayer:
          sources:
          - pluginRef: metrics-data-source
            extractors:
            - pluginRef: core-metrics-extractor
        """;

    private const string OptimizedBaseline = """
        plugins:
        - type: approx-prefix-cache-producer
          parameters: {maxPrefixTokensToMatch: 100000}
        - type: queue-scorer
        - type: kv-cache-utilization-scorer
        - type: prefix-cache-scorer
        - type: no-hit-lru-scorer
        schedulingProfiles:
        - name: default
          plugins:
          - {pluginRef: queue-scorer, weight: 2}
          - {pluginRef: kv-cache-utilization-scorer, weight: 2}
          - {pluginRef: prefix-cache-scorer, weight: 3}
          - {pluginRef: no-hit-lru-scorer, weight: 2}
        """;

    private const string RandomPassthrough = """
        plugins:
        - type: random-picker
        - type: passthrough-parser
        schedulingProfiles:
        - name: default
          plugins:
          - pluginRef: random-picker
        requestHandler:
          parsers:
          - pluginRef: passthrough-parser
        """;

    private const string CoordinatorDecode = """
        plugins:
        - type: active-request-scorer
        schedulingProfiles:
        - name: default
          plugins:
          - pluginRef: active-request-scorer
        """;

    private const string Benchmark = """
        plugins:
        - type: queue-scorer
        - type: kv-cache-utilization-scorer
        - type: lora-affinity-scorer
        - type: prefix-cache-scorer
        - type: max-score-picker
        schedulingProfiles:
        - name: default
          plugins:
          - {pluginRef: queue-scorer, weight: 2}
          - {pluginRef: kv-cache-utilization-scorer, weight: 2}
          - {pluginRef: lora-affinity-scorer, weight: 1}
          - {pluginRef: prefix-cache-scorer, weight: 3}
          - pluginRef: max-score-picker
        """;

    private const string Json = """
        {"plugins": [{"type": "random-picker"}], "schedulingProfiles": [{"name": "default", "plugins": [{"pluginRef": "random-picker"}]}]}
        """;

    [Theory]
    [InlineData(Default, "queue-scorer*2 kv-cache-utilization-scorer*2 prefix-cache-scorer*3 > max-score-picker")]
    [InlineData(HelmWithSglang, "queue-scorer*2 kv-cache-utilization-scorer*2 prefix-cache-scorer*3 > max-score-picker")]
    [InlineData(OptimizedBaseline, "queue-scorer*2 kv-cache-utilization-scorer*2 prefix-cache-scorer*3 no-hit-lru-scorer*2 > max-score-picker")]
    [InlineData(RandomPassthrough, "> random-picker")]
    [InlineData(CoordinatorDecode, "active-request-scorer*1 > max-score-picker")]
    [InlineData(Benchmark, "queue-scorer*2 kv-cache-utilization-scorer*2 lora-affinity-scorer*1 prefix-cache-scorer*3 > max-score-picker")]
    [InlineData(Json, "> random-picker")]
    public void CreatePlugins_Preset_HasItsScorersWeightsAndPicker(string text, string expected)
    {
        CreatedPlugins created = Create(LoaderAssert.Loads(text));
        SchedulingProfile profile = Assert.Single(created.Profiles);
        string[] parts = [.. profile.Scorers.Select(scorer => $"{scorer.Scorer.Type}*{scorer.Weight}"), ">", profile.Picker.Type];
        Assert.Equal("default", profile.Name);
        Assert.Equal(expected, string.Join(' ', parts));
        Assert.IsType<SingleProfileHandler>(created.Handler);
        Assert.IsType<UtilizationDetector>(created.SaturationDetector);
    }

    [Theory]
    [InlineData(Default)]
    [InlineData(HelmWithSglang)]
    [InlineData(OptimizedBaseline)]
    [InlineData(RandomPassthrough)]
    [InlineData(CoordinatorDecode)]
    [InlineData(Everything)]
    public void Load_EffectiveText_LoadsToItself(string text)
    {
        LoadSettings settings = new() { AllowExperimentalPlugins = true };
        string effective = ConfigurationLoader.LoadText(text, settings).Configuration!.EffectiveText;
        ConfigurationOutcome again = ConfigurationLoader.LoadText(effective, settings);
        Assert.DoesNotContain(again.Diagnostics, finding => finding.Severity == DiagnosticSeverity.Error);
        Assert.Equal(WithoutComment(effective), WithoutComment(again.Configuration!.EffectiveText));
    }

    [Fact]
    public void Load_HelmWithSglang_SetsTheDefaultEngine() =>
        Assert.Equal("sglang", LoaderAssert.Loads(HelmWithSglang).DataLayer.EngineMetrics.DefaultEngine);

    [Fact]
    public void Load_RandomPassthrough_ReadsNoBody() =>
        Assert.Equal(["passthrough-parser"], LoaderAssert.Loads(RandomPassthrough).Parsers.Used.Select(parser => parser.Type));

    [Fact]
    public void CreatePlugins_TwoPrefixProducers_EachScorerReadsItsOwn()
    {
        CreatedPlugins created = Create(LoaderAssert.Loads(
            """
            plugins:
            - type: prefix-cache-scorer
              parameters: {prefixMatchInfoProducerName: small}
            - {type: prefix-cache-scorer, name: large-scorer}
            - {type: approx-prefix-cache-producer, name: small, parameters: {blockSizeTokens: 64}}
            """));
        Assert.Equal(["small", "approx-prefix-cache-producer"], created.Producers.Select(producer => producer.Name));
        Assert.All(created.Producers, producer => Assert.IsType<ApproximatePrefixProducer>(producer.Plugin));
    }

    [Fact]
    public void CreatePlugins_PluginIsFilterAndDetector_IsOneObject()
    {
        CreatedPlugins created = Create(LoaderAssert.Loads(
            """
            plugins:
            - {type: utilization-detector, name: d}
            - type: weighted-random-picker
              parameters: {maxNumOfEndpoints: 3}
            flowControl: {saturationDetector: {pluginRef: d}}
            """));
        SchedulingProfile profile = Assert.Single(created.Profiles);
        Assert.Same(created.SaturationDetector, Assert.Single(profile.Filters).Plugin);
        Assert.IsType<WeightedRandomPicker>(profile.Picker.Plugin);
    }

    private const string Everything = """
        featureGates: [flowControl, haPopulateNonLeaderDatastore=false]
        plugins:
        - type: label-selector-filter
          parameters:
            matchLabels: {"yes": "true", "a b": "5"}
            matchExpressions: [{key: k, operator: NotIn, values: [v, "é: #"]}, {key: l, operator: Exists}]
        - {type: by-label, parameters: {label: role, validValues: [decode, both], allowsNoLabel: true}}
        - {type: utilization-filter, parameters: {conditions: [{metric: active-requests, maxValue: 1e2}, {metric: kv-cache-utilization, maxValue: 0.25}], fallbackOnEmpty: on}}
        - {type: token-load-scorer, parameters: {queueThresholdTokens: 1Mi}}
        - {type: load-aware-scorer, name: "load: aware", parameters: {threshold: 0x10}}
        - {type: running-requests-size-scorer}
        - {type: inflight-load-producer, parameters: {addEstimatedOutputTokens: true, maxEstimatedOutputTokens: 500}}
        - {type: token-producer, parameters: {estimate: {image: {mode: static, static: {staticToken: 7}}, video: {frames: {mode: strided}}}}}
        - type: metrics-data-source
          name: scrape
          parameters: {scheme: https, port: 9400, interval: 1m30.5s, caCertPath: /ca.pem}
        - type: core-metrics-extractor
          name: read
          parameters:
            engineConfigs:
            - name: mine
              queuedRequestsSpec: 'q{a="x\"y",b=z}'
              customMetrics: [{attributeKey: k, metricSpec: m}]
        - {type: file-discovery, parameters: {path: /etc/epp/endpoints.yaml, watchFile: true}}
        - {type: utilization-detector, name: full, parameters: {metricsStalenessThreshold: 1500ms}}
        - {type: random-picker, parameters: {maxNumOfEndpoints: -1}}
        schedulingProfiles:
        - name: "p 1"
          plugins: [{pluginRef: token-load-scorer, weight: -0.5}, {pluginRef: "load: aware", weight: 0}, {pluginRef: by-label}]
        dataLayer:
          sources: [{pluginRef: scrape, extractors: [{pluginRef: read}]}]
          discovery: {pluginRef: file-discovery}
        flowControl:
          maxBytes: 1Gi
          defaultRequestTTL: 2m
          priorityBands: [{priority: -5, maxRequests: 10}, {priority: 7, maxBytes: 1k}]
          saturationDetector: {pluginRef: full}
        """;

    private static CreatedPlugins Create(EndpointPickerConfiguration configuration)
    {
        ManualTimeProvider time = new();
        return configuration.CreatePlugins(new PluginServices
        {
            Pool = new EndpointPool("pool"),
            Time = time,
            Meters = new OwnMeters(),
            Loggers = NullLoggerFactory.Instance,
            Freshness = new FreshnessPolicy(time, TimeSpan.FromSeconds(2)),
        });
    }

    private static string WithoutComment(string text) => text[text.IndexOf('\n', StringComparison.Ordinal)..];

    private sealed class OwnMeters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}

using EndpointPicker.Configuration.Loading;

namespace EndpointPicker.Configuration.Tests.Loading;

public sealed class DiagnosticsTests
{
    [Fact]
    public void Load_UnknownEnvelopeField_NamesTheFieldThatWasMeant() => LoaderAssert.Refuses(
        """
        plugins:
        - type: queue-scorer
        schedulingProfile:
        - name: default
        """,
        "3:1: error: unknown field 'schedulingProfile' in the configuration; did you mean 'schedulingProfiles'?");

    [Fact]
    public void Load_EnvelopeFieldInAnotherCase_IsRefused() => LoaderAssert.Refuses(
        """
        plugins:
        - type: queue-scorer
          Name: q
        """,
        "3:3: error: unknown field 'Name' in plugins[0]; did you mean 'name'?");

    [Fact]
    public void Load_DuplicateKey_TellsBothLines() => LoaderAssert.Refuses(
        """
        kind: EndpointPickerConfig
        plugins:
        - type: queue-scorer
          type: random-picker
        """,
        "4:3: error: 'type' is given twice; keep one; the first is in line 3");

    [Fact]
    public void Load_SeveralMistakes_TellsAllOfThemInOrder() => LoaderAssert.Refuses(
        """
        apiVersion: v1
        kind: EndpointPickerConfigs
        featureGates: [flowcontroll, flowControl=maybe]
        plugins:
        - type: que-scorer
        - type: max-score-picker
          parameters:
            maxNumOfEndpoint: 2
        schedulingProfiles:
        - name: default
          plugins:
          - pluginRef: max-score-pickers
        """,
        "1:13: error: apiVersion 'v1' is not known; write 'llm-d.ai/v1alpha1'",
        "2:7: error: kind 'EndpointPickerConfigs' is not known; write 'EndpointPickerConfig'",
        "3:16: error: unknown feature gate 'flowcontroll'; did you mean 'flowControl'?",
        "3:30: error: feature gate 'flowControl' is neither true nor false; write 'flowControl=true' or 'flowControl=false'",
        "5:9: error: unknown plugin type 'que-scorer'; did you mean 'queue-scorer'?",
        "8:5: error: unknown field 'maxNumOfEndpoint' in plugins[1].parameters; did you mean 'maxNumOfEndpoints'?",
        "12:16: error: profile 'default' refers to the plugin 'max-score-pickers', which is not declared; did you mean 'max-score-picker'?");

    [Fact]
    public void Load_TypeOfTheReferenceThatIsNotBuilt_SaysSo() => LoaderAssert.Refuses(
        """
        plugins:
        - type: session-affinity-scorer
        schedulingProfiles:
        - name: default
          plugins:
          - pluginRef: session-affinity-scorer
        """,
        "2:9: error: plugin type 'session-affinity-scorer' of the reference is not built here yet; remove the plugin and what refers to it; docs/configuration.md lists the types that are built");

    [Fact]
    public void Load_ParametersOfATypeThatIgnoresThem_Warns() => LoaderAssert.Loads(
        """
        plugins:
        - type: queue-scorer
        - type: single-profile-handler
          parameters:
            anything: {at: [all]}
        """,
        "5:5: warning: 'single-profile-handler' has no parameters and ignores these; remove them");

    [Fact]
    public void Load_ParameterInAnotherCase_Warns() => LoaderAssert.Loads(
        """
        plugins:
        - type: load-aware-scorer
          parameters:
            Threshold: 12
        """,
        "4:5: warning: 'Threshold' is taken for 'threshold'; write 'threshold'");

    [Fact]
    public void Load_ParameterTwiceInDifferentCase_IsRefused() => LoaderAssert.Refuses(
        """
        plugins:
        - type: load-aware-scorer
          parameters:
            threshold: 12
            Threshold: 13
        """,
        "5:5: warning: 'Threshold' is taken for 'threshold'; write 'threshold'",
        "5:5: error: 'Threshold' gives 'threshold' a second time; keep one of the two");

    [Fact]
    public void Load_AlphaPluginWithoutTheFlag_NamesTheFlag()
    {
        const string Text = """
            plugins:
            - type: utilization-filter
              parameters:
                conditions:
                - metric: waiting-queue
                  maxValue: 3
            """;
        LoaderAssert.Refuses(
            Text,
            "2:9: error: plugin type 'utilization-filter' has Alpha stability level, but command line flag --allow-experimental-plugins is not set; start with --allow-experimental-plugins, or remove the plugin");
        LoaderAssert.Loads(Text, new LoadSettings { AllowExperimentalPlugins = true });
    }

    [Fact]
    public void Load_LegacyApiVersion_Warns() => LoaderAssert.Loads(
        "apiVersion: inference.networking.x-k8s.io/v1alpha1\nkind: EndpointPickerConfig\n",
        "1:13: warning: apiVersion 'inference.networking.x-k8s.io/v1alpha1' is deprecated; write 'llm-d.ai/v1alpha1'");

    [Fact]
    public void Load_GateOfAnEarlierRelease_Warns() => LoaderAssert.Loads(
        "featureGates: [dataLayer, enableLegacyMetrics=false]",
        "1:16: warning: feature gate 'dataLayer' is gone: what it turned on is always on; remove it",
        "1:27: warning: feature gate 'enableLegacyMetrics' is gone: what it turned on is always on; remove it");

    [Fact]
    public void Load_DeprecatedNames_Warn() => LoaderAssert.Loads(
        """
        plugins:
        - type: by-label-selector
          parameters: {matchLabels: {role: decode}}
        - type: by-label
          parameters: {label: role, validValues: [decode]}
        - type: tokenizer
        - type: approx-prefix-cache-producer
          parameters: {blockSize: 128}
        - type: no-hit-lru-scorer
          parameters: {prefixPluginType: x, prefixPluginName: y}
        """,
        "2:9: warning: plugin type 'by-label-selector' is deprecated; write 'label-selector-filter'",
        "4:9: warning: plugin type 'by-label' is deprecated; use 'label-selector-filter'",
        "6:9: warning: plugin type 'tokenizer' is deprecated; write 'token-producer'",
        "8:16: warning: 'blockSize' is deprecated; write 'blockSizeTokens'",
        "10:16: warning: 'prefixPluginType' has no effect; remove it: prefixMatchInfoProducerName says whose matches are read",
        "10:37: warning: 'prefixPluginName' has no effect; remove it: prefixMatchInfoProducerName says whose matches are read");

    [Theory]
    [InlineData("plugins: {type: queue-scorer}", "1:10: error: plugins must be a list, not an object; write '- ' before each item")]
    [InlineData("plugins: [queue-scorer]", "1:11: error: plugins[0] must be an object, not 'queue-scorer'; write 'name: value' lines, indented below")]
    [InlineData("plugins: [{name: q}]", "1:11: error: plugins[0] lacks 'type'; add 'type' (text): The plugin's type.")]
    [InlineData("plugins: [{type: queue-scorer, name: a}, {type: random-picker, name: a}]", "1:42: error: two plugins are called 'a'; give one of them another 'name'")]
    [InlineData("hello", "1:1: error: the configuration must be an object, not 'hello'; write 'name: value' lines, indented below")]
    [InlineData("# nothing", "1:1: error: the text holds no configuration; write an EndpointPickerConfig, or leave the option out for the default")]
    public void Load_WrongShape_IsRefused(string text, string finding) => LoaderAssert.Refuses(text, finding);

    [Theory]
    [InlineData("load-aware-scorer", "threshold", "'5'", "must be a whole number, not the text '5'; write a whole number without quotes")]
    [InlineData("load-aware-scorer", "threshold", "1.5", "must be a whole number, not '1.5'; write a whole number without quotes")]
    [InlineData("load-aware-scorer", "threshold", "9999999999", "cannot be 9999999999; write a whole number from -2147483648 to 2147483647")]
    [InlineData("prefix-cache-scorer", "matchLengthWeight", "1.01", "cannot be 1.01; write a number from 0 to 1")]
    [InlineData("approx-prefix-cache-producer", "autoTune", "maybe", "must be true or false, not 'maybe'; write true or false, without quotes")]
    [InlineData("utilization-detector", "kvCacheUtilThreshold", "0", "cannot be 0; write a number > 0 and <= 1")]
    [InlineData("utilization-detector", "queueDepthThreshold", "0", "cannot be 0; write a whole number >= 1")]
    [InlineData("utilization-detector", "headroom", "-0.1", "cannot be -0.1; write a number >= 0")]
    [InlineData("utilization-detector", "metricsStalenessThreshold", "200", "must be a duration, not '200'; write a number with its unit, for example 60s, 1m30s or 200ms")]
    [InlineData("metrics-data-source", "scheme", "htps", "cannot be 'htps'; did you mean 'https'?")]
    [InlineData("metrics-data-source", "port", "65536", "cannot be 65536; write a whole number from 0 to 65535")]
    public void Load_WrongValue_IsRefusedAtTheValue(string type, string parameter, string value, string rest)
    {
        string text = $"plugins:\n- type: {type}\n  parameters:\n    {parameter}: {value}\n";
        LoaderAssert.Refuses(text, $"4:{7 + parameter.Length}: error: plugins[0].parameters.{parameter} {rest}");
    }

    [Fact]
    public void Load_YamlThatBreaksOff_TellsWhere()
    {
        ConfigurationOutcome outcome = ConfigurationLoader.LoadText("plugins:\n- type: 'queue\n", new LoadSettings());
        ConfigurationDiagnostic finding = Assert.Single(outcome.Diagnostics);
        Assert.Equal(DiagnosticSeverity.Error, finding.Severity);
        Assert.InRange(finding.Position.Line, 2, 3);
    }

    [Fact]
    public void LoadFile_MissingFile_IsAnErrorThatNamesIt()
    {
        ConfigurationOutcome outcome = ConfigurationLoader.LoadFile("/nowhere/c.yaml", new LoadSettings());
        Assert.False(outcome.IsLoaded);
        Assert.Equal("/nowhere/c.yaml", Assert.Single(outcome.Diagnostics).Source);
    }

    [Fact]
    public void Load_JsonWithTabsAndEscapes_Loads() => LoaderAssert.Loads(
        "{\n\t\"kind\": \"EndpointPickerConfig\",\n\t\"plugins\": [\n\t\t{\"type\": \"queue-scorer\", \"name\": \"caf\\u00e9 \\ud83d\\ude00 \\/\"}\n\t]\n}");

    [Fact]
    public void Load_AnyDamageToAText_NeverThrows()
    {
        const string Text = """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            featureGates: [flowControl]
            plugins:
            - &a {type: queue-scorer, name: "a\u00e9"}
            - *a
            - type: label-selector-filter
              parameters: {matchLabels: {x: y}, matchExpressions: [{key: k, operator: In, values: [v]}]}
            schedulingProfiles:
            - name: 'default'
              plugins: [{pluginRef: a, weight: 1e2}]
            dataLayer: {injectDefaults: yes, sources: []}
            flowControl: {maxBytes: 1Gi, defaultRequestTTL: 1m, priorityBands: [{priority: -1}]}
            """;
        const string Alphabet = "{}[]:,-&*!|>'\"%@`#?<~\\\t\n\r \0\u0001\u0085\u2028\ud800a0.=";
        Random random = new(20260821);
        for (int round = 0; round < 4000; round++)
        {
            char[] damaged = Text.ToCharArray();
            for (int hits = random.Next(1, 6); hits > 0; hits--)
            {
                damaged[random.Next(damaged.Length)] = Alphabet[random.Next(Alphabet.Length)];
            }

            string text = new string(damaged)[..random.Next(damaged.Length + 1)];
            ConfigurationOutcome outcome = ConfigurationLoader.LoadText(text, new LoadSettings());
            Assert.Equal(outcome.IsLoaded, outcome.Diagnostics.All(finding => finding.Severity == DiagnosticSeverity.Warning));
        }
    }
}

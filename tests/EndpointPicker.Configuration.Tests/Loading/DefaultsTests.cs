using EndpointPicker.Configuration.Loading;

namespace EndpointPicker.Configuration.Tests.Loading;

public sealed class DefaultsTests
{
    [Fact]
    public void LoadDefault_HasWhatTheReferenceHas()
    {
        ConfigurationOutcome outcome = ConfigurationLoader.LoadDefault(new LoadSettings());
        Assert.Empty(outcome.Diagnostics);
        Assert.Equal(
            """
            # built-in default, and added to it: max-score-picker, single-profile-handler, fcfs-ordering-policy, global-strict-fairness-policy, static-usage-limit-policy, utilization-detector, openai-parser, anthropic-parser, vllmhttp-parser, passthrough-parser, approx-prefix-cache-producer, token-producer
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            featureGates: [flowControl=false, haPopulateNonLeaderDatastore=true]
            plugins:
              - type: queue-scorer
                name: queue-scorer
              - type: kv-cache-utilization-scorer
                name: kv-cache-utilization-scorer
              - type: prefix-cache-scorer
                name: prefix-cache-scorer
                parameters:
                  matchLengthWeight: 0
                  matchLengthScaleTokens: 8192
              - type: metrics-data-source
                name: metrics-data-source
                parameters:
                  scheme: http
                  path: /metrics
                  insecureSkipVerify: true
              - type: core-metrics-extractor
                name: core-metrics-extractor
                parameters:
                  engineLabelKey: llm-d.ai/engine-type
                  defaultEngine: vllm
              - type: max-score-picker
                name: max-score-picker
                parameters:
                  maxNumOfEndpoints: 1
              - type: single-profile-handler
                name: single-profile-handler
              - type: fcfs-ordering-policy
                name: fcfs-ordering-policy
              - type: global-strict-fairness-policy
                name: global-strict-fairness-policy
              - type: static-usage-limit-policy
                name: static-usage-limit-policy
                parameters:
                  threshold: 1
              - type: utilization-detector
                name: utilization-detector
                parameters:
                  queueDepthThreshold: 5
                  kvCacheUtilThreshold: 0.8
                  metricsStalenessThreshold: 200ms
                  headroom: 0
              - type: openai-parser
                name: openai-parser
              - type: anthropic-parser
                name: anthropic-parser
              - type: vllmhttp-parser
                name: vllmhttp-parser
              - type: passthrough-parser
                name: passthrough-parser
              - type: approx-prefix-cache-producer
                name: approx-prefix-cache-producer
                parameters:
                  autoTune: true
                  blockSizeTokens: 16
                  maxPrefixBlocksToMatch: 2048
                  maxPrefixTokensToMatch: 131072
                  lruCapacityPerServer: 31250
              - type: token-producer
                name: token-producer
            schedulingProfiles:
              - name: default
                plugins:
                  - pluginRef: queue-scorer
                    weight: 2
                  - pluginRef: kv-cache-utilization-scorer
                    weight: 2
                  - pluginRef: prefix-cache-scorer
                    weight: 3
                  - pluginRef: max-score-picker
            requestHandler:
              parsers:
                - pluginRef: openai-parser
                - pluginRef: anthropic-parser
                - pluginRef: vllmhttp-parser
                - pluginRef: passthrough-parser
            dataLayer:
              injectDefaults: false
              sources:
                - pluginRef: metrics-data-source
                  extractors:
                    - pluginRef: core-metrics-extractor
            flowControl:
              saturationDetector:
                pluginRef: utilization-detector

            """,
            outcome.Configuration!.EffectiveText);
    }
}

using EndpointPicker.Configuration.DataLayer;
using EndpointPicker.Configuration.Tests.Loading;

namespace EndpointPicker.Configuration.Tests.DataLayer;

public sealed class EngineMetricsTests
{
    [Theory]
    [InlineData("vllm", "vllm:num_requests_waiting", "vllm:num_requests_running", "vllm:kv_cache_usage_perc", "vllm:lora_requests_info", "vllm:cache_config_info", "block_size", "num_gpu_blocks")]
    [InlineData("sglang", "sglang:num_queue_reqs", "sglang:num_running_reqs", "sglang:token_usage", null, "sglang:cache_config_info", "page_size", "num_pages")]
    [InlineData("trtllm-serve", "trtllm_num_requests_waiting", "trtllm_num_requests_running", "trtllm_kv_cache_utilization", null, null, "", "")]
    [InlineData("triton-tensorrt-llm", "nv_trt_llm_request_metrics{request_type=\"waiting\"}", "nv_trt_llm_request_metrics{request_type=\"scheduled\"}", "nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type=\"fraction\"}", null, null, "", "")]
    [InlineData("triton", "nv_inference_pending_request_count", "nv_inference_exec_count", null, null, null, "", "")]
    public void BuiltIn_Engine_HasTheReferencesNames(
        string name, string queued, string running, string? usage, string? lora, string? cache, string blockSizeLabel, string blocksLabel)
    {
        EngineMetrics engine = Assert.Single(new EngineMetricsOptions().Engines, engine => engine.Name == name);
        Assert.Equal(queued, engine.QueuedRequests?.ToString());
        Assert.Equal(running, engine.RunningRequests?.ToString());
        Assert.Equal(usage, engine.KvUsage?.ToString());
        Assert.Equal(lora, engine.Lora?.ToString());
        Assert.Equal(cache, engine.CacheInfo?.ToString());
        Assert.Equal((blockSizeLabel, blocksLabel), (engine.CacheBlockSizeLabel, engine.CacheBlocksLabel));
    }

    [Fact]
    public void Load_EngineOfABuiltInName_ReplacesItEntirely()
    {
        EngineMetricsOptions options = LoaderAssert.Loads(
            """
            plugins:
            - type: core-metrics-extractor
              parameters:
                engineLabelKey: engine
                engineConfigs:
                - name: vllm
                  queuedRequestsSpec: 'my_queue{model="a,b", shard = 0 }'
                  kvUsageSpec: ""
                  customMetrics: [{attributeKey: heat, metricSpec: gpu_heat}]
            """).DataLayer.EngineMetrics;
        EngineMetrics engine = Assert.Single(options.Engines, engine => engine.Name == "vllm");
        Assert.Equal(new MetricSpec("my_queue", [("model", "a,b"), ("shard", "0")]), engine.QueuedRequests);
        Assert.Null(engine.KvUsage);
        Assert.Null(engine.RunningRequests);
        Assert.Equal(new CustomMetric("heat", new MetricSpec("gpu_heat", [])), Assert.Single(engine.Custom));
        Assert.Equal(5, options.Engines.Count);
        Assert.Equal("engine", options.EngineLabelKey);
    }

    [Theory]
    [InlineData("engineConfigs: [{name: default}]", "3:39: error: an engine cannot be called 'default'; give it another name, and name it as 'defaultEngine'")]
    [InlineData("engineConfigs: [{name: a}, {name: a}]", "3:50: error: two engines are called 'a'; keep one of them")]
    [InlineData("defaultEngine: vlm", "3:31: error: the default engine 'vlm' is not known; did you mean 'vllm'?")]
    [InlineData("engineConfigs: [{name: a, customMetrics: [{attributeKey: k, metricSpec: m}, {attributeKey: k, metricSpec: n}]}]", "3:107: error: two metrics have the key 'k'; give one of them another key")]
    [InlineData("engineConfigs: [{name: a, loraSpec: 'm{a!=b}'}]", "3:52: error: plugins[0].parameters.engineConfigs[0].loraSpec is no metric specification: only '=' can compare a label; write 'family' or 'family{label=value}'")]
    public void Load_WrongEngine_IsRefused(string parameters, string finding) => LoaderAssert.Refuses(
        $"plugins:\n- type: core-metrics-extractor\n  parameters: {{{parameters}}}\n", finding);

    [Theory]
    [InlineData("")]
    [InlineData("{a=b}")]
    [InlineData("m{")]
    [InlineData("m{a}")]
    [InlineData("m{a=b")]
    [InlineData("m{a=\"b}")]
    [InlineData("m{a=b c=d}x")]
    [InlineData("m{a=\"b\" c=d}")]
    [InlineData("m{a=~b}")]
    [InlineData("1m")]
    [InlineData("a b")]
    [InlineData("m{1=b}")]
    public void TryParse_WrongText_IsRefused(string text)
    {
        Assert.False(MetricSpec.TryParse(text, out MetricSpec? spec, out string? error));
        Assert.Null(spec);
        Assert.NotEqual("", error);
    }

    [Theory]
    [InlineData("m{}", "m")]
    [InlineData(" m { a = b , c=\"d\" , } ", "m{a=\"b\",c=\"d\"}")]
    [InlineData("m{a=\"x\\\"y\\\\z\"}", "m{a=\"x\\\"y\\\\z\"}")]
    [InlineData("m{a=}", "m{a=\"\"}")]
    public void TryParse_Text_IsRead(string text, string expected)
    {
        Assert.True(MetricSpec.TryParse(text, out MetricSpec? spec, out _));
        Assert.Equal(expected, spec!.ToString());
    }

    [Fact]
    public void Load_MetricsSource_HasEveryParameter()
    {
        MetricsSourceOptions? source = LoaderAssert.Loads(
            """
            plugins:
            - type: metrics-data-source
              parameters: {scheme: https, path: stats, port: 9400, insecureSkipVerify: false, caCertPath: /a, clientCertPath: /b, clientKeyPath: /c, interval: 1s}
            - type: core-metrics-extractor
            dataLayer: {sources: [{pluginRef: metrics-data-source, extractors: [{pluginRef: core-metrics-extractor}]}]}
            """).DataLayer.MetricsSource;
        Assert.Equal(
            new MetricsSourceOptions
            {
                Scheme = "https",
                Path = "/stats",
                Port = 9400,
                InsecureSkipVerify = false,
                CaCertPath = "/a",
                ClientCertPath = "/b",
                ClientKeyPath = "/c",
                Interval = TimeSpan.FromSeconds(1),
            },
            source);
    }
}

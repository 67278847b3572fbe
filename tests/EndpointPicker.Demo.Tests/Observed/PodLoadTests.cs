using EndpointPicker.Demo.Observed;

namespace EndpointPicker.Demo.Tests.Observed;

public sealed class PodLoadTests
{
    private const string Page = """
        # HELP vllm:num_requests_running Number of requests.
        vllm:num_requests_running{engine="0",model_name="m"} 3.0
        vllm:num_requests_waiting{engine="0",model_name="m"} 2.0
        vllm:kv_cache_usage_perc{engine="0",model_name="m"} 0.25
        vllm:lora_requests_info{max_lora="1",running_lora_adapters="old",waiting_lora_adapters=""} 1.5e9
        vllm:lora_requests_info{max_lora="1",running_lora_adapters="new",waiting_lora_adapters=""} 1.6e9
        """;

    [Fact]
    public void Parse_Page_TheLatestAdapterCounts() => Assert.Equal(new PodLoad(3, 2, 0.25, "new"), PodLoad.Parse(Page, PodLoad.Unknown));

    [Fact]
    public void Parse_AdapterNotInUse_StaysLoaded() =>
        Assert.Equal("new", PodLoad.Parse(Page.Replace("\"new\"", "\"\"", StringComparison.Ordinal), new PodLoad(0, 0, 0, "new")).Adapter);

    [Fact]
    public void Parse_NothingKnown_IsZero() => Assert.Equal(PodLoad.Unknown, PodLoad.Parse("<html>\nbusy\n", PodLoad.Unknown));
}

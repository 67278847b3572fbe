using EndpointPicker.Cluster.Resources;

namespace EndpointPicker.Tests.Cluster.Resources;

public sealed class InferencePoolTests
{
    [Fact]
    public void Read_StablePool_TakesSelectorPortsAndProtocol()
    {
        InferencePool pool = Assert.IsType<InferencePool>(Json.Read<InferencePool>(InferencePool.TryRead, """
            {"metadata":{"name":"p","namespace":"n","uid":"u"},
             "spec":{"selector":{"matchLabels":{"b":"2","a":"1"}},"targetPorts":[{"number":8001},{"number":8000}],"appProtocol":"kubernetes.io/h2c",
               "endpointPickerRef":{"name":"epp","port":{"number":9002}}},
             "status":{"parents":[{"parentRef":{"name":"gateway"}}]}}
            """));
        Assert.Equal((ApiGroups.Inference, "a=1,b=2", "kubernetes.io/h2c", "p"), (pool.Group, pool.Selector, pool.AppProtocol, pool.Metadata.Name));
        Assert.Equal([8001, 8000], pool.TargetPorts);
    }

    [Fact]
    public void Read_ExperimentalPool_TakesFlatSelectorAndOnePort()
    {
        InferencePool pool = Assert.IsType<InferencePool>(Json.Read<InferencePool>(InferencePool.TryReadExperimental, """
            {"metadata":{"name":"p"},"spec":{"selector":{"app":"vllm","matchLabels":"odd"},"targetPortNumber":8000,"extensionRef":{"name":"epp","portNumber":9002}}}
            """));
        Assert.Equal((ApiGroups.Experimental, "app=vllm,matchLabels=odd", ""), (pool.Group, pool.Selector, pool.AppProtocol));
        Assert.Equal([8000], pool.TargetPorts);
    }

    [Theory]
    [InlineData("""{"spec":{"selector":{"matchLabels":{"a":"1"}},"targetPorts":[{"number":1}]}}""")]
    [InlineData("""{"metadata":{"name":"p"},"spec":{"targetPorts":[{"number":1}]}}""")]
    [InlineData("""{"metadata":{"name":"p"},"spec":{"selector":{},"targetPorts":[{"number":1}]}}""")]
    [InlineData("""{"metadata":{"name":"p"},"spec":{"selector":{"matchLabels":{"a":"1"}},"targetPorts":[]}}""")]
    [InlineData("""{"metadata":{"name":"p"},"spec":{"selector":{"matchLabels":{"a":"1"}},"targetPorts":[{"number":"1"},7]}}""")]
    [InlineData("""{"metadata":{"name":"p"},"spec":null}""")]
    public void Read_PoolThatLacksSomething_IsRefused(string text) => Assert.Null(Json.Read<InferencePool>(InferencePool.TryRead, text));
}

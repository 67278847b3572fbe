using System.Net;
using EndpointPicker.Cluster.Resources;

namespace EndpointPicker.Tests.Cluster.Resources;

public sealed class PodTests
{
    [Fact]
    public void Read_WholePod_TakesWhatMatters()
    {
        Pod pod = Read("""
            {"kind":"Pod","apiVersion":"v1","metadata":{"name":"vllm-0","namespace":"demo","uid":"u1","creationTimestamp":"2026-01-02T03:04:05Z",
              "managedFields":[{"fieldsV1":{"f:metadata":{"f:name":"no"}}}],
              "labels":{"app":"vllm","tier":""},"annotations":{"x":"{\"name\":\"no\"}"},"ownerReferences":[{"name":"no","uid":"no"}]},
             "spec":{"containers":[{"name":"no","ports":[{"containerPort":1}]}]},
             "status":{"phase":"Running","podIP":"10.0.0.7","podIPs":[{"ip":"10.0.0.7"},{"ip":"fd00::7"}],"hostIP":"192.168.0.1",
               "conditions":[{"type":"PodScheduled","status":"True"},{"type":"Ready","status":"True"},{"type":"ContainersReady","status":"False"}]}}
            """);
        Assert.Equal(new ObjectMetadata("demo", "vllm-0", "u1", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), Deleting: false), pod.Metadata);
        Assert.Equal(("vllm", ""), (pod.Labels["app"], pod.Labels["tier"]));
        Assert.Equal(IPAddress.Parse("10.0.0.7"), pod.Address);
        Assert.Null(pod.ActivePorts);
        Assert.True(pod.Serves);
    }

    [Theory]
    [InlineData("""{"podIP":"10.0.0.7","conditions":[{"type":"Ready","status":"True"}]}""", true)]
    [InlineData("""{"podIP":"fd00::7","conditions":[{"status":"True","type":"Ready"}]}""", true)]
    [InlineData("""{"podIP":"10.0.0.7","conditions":[{"type":"Ready","status":"False"}]}""", false)]
    [InlineData("""{"podIP":"10.0.0.7","conditions":[{"type":"Ready","status":"Unknown"}]}""", false)]
    [InlineData("""{"podIP":"10.0.0.7","conditions":[{"type":"ContainersReady","status":"True"}]}""", false)]
    [InlineData("""{"podIP":"10.0.0.7","conditions":[]}""", false)]
    [InlineData("""{"podIP":"10.0.0.7"}""", false)]
    [InlineData("""{"conditions":[{"type":"Ready","status":"True"}]}""", false)]
    [InlineData("""{"podIP":"","conditions":[{"type":"Ready","status":"True"}]}""", false)]
    [InlineData("""{"phase":"Succeeded","podIP":"10.0.0.7","conditions":[{"type":"Ready","status":"True"}]}""", false)]
    [InlineData("""{"phase":"Failed","podIP":"10.0.0.7","conditions":[{"type":"Ready","status":"True"}]}""", false)]
    [InlineData("""{"podIP":7,"conditions":{"type":"Ready"},"phase":null}""", false)]
    [InlineData("null", false)]
    public void Serves_Status_IsReadyWithAnAddressAndNotEnded(string status, bool serves) =>
        Assert.Equal(serves, Read($$"""{"metadata":{"name":"a","namespace":"b"},"status":{{status}}}""").Serves);

    [Theory]
    [InlineData("""{"llm-d.ai/active-ports":"8000"}""", "8000")]
    [InlineData("""{"inference.networking.k8s.io/active-ports":"8001"}""", "8001")]
    [InlineData("""{"inference.networking.k8s.io/active-ports":"8001","llm-d.ai/active-ports":"8000"}""", "8000")]
    [InlineData("""{"llm-d.ai/active-ports":"","inference.networking.k8s.io/active-ports":"8001"}""", "")]
    [InlineData("{}", null)]
    public void ActivePorts_BothAnnotations_TheNewerWinsEvenWhenEmpty(string annotations, string? expected) =>
        Assert.Equal(expected, Read($$$"""{"metadata":{"annotations":{{{annotations}}},"name":"a"}}""").ActivePorts);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"metadata":{"name":""}}""")]
    [InlineData("""{"metadata":[]}""")]
    public void Read_ObjectWithoutName_IsRefused(string text) => Assert.Null(Json.Read<Pod>(Pod.TryRead, text));

    private static Pod Read(string text) => Assert.IsType<Pod>(Json.Read<Pod>(Pod.TryRead, text));
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using EndpointPicker.Cluster.Api;
using EndpointPicker.Tests.DataLayer;

namespace EndpointPicker.Tests.Cluster.Api;

/// <summary>Events of a watch and pages of a list, byte by byte.</summary>
public sealed class WatchFrameTests
{
    [Theory]
    [InlineData("""{"type":"MODIFIED","object":{"metadata":{"name":"a","resourceVersion":"7"}}}""")]
    [InlineData("""{"other":{"type":"DELETED","object":{}},"object":{"metadata":{"resourceVersion":"7"},"type":"ERROR"},"more":[1,{"object":2}],"type":"ADDED"}""")]
    public void Read_FieldsInAnyOrder_FindsTheObjectWithoutAllocating(string text)
    {
        ReadOnlySequence<byte> bytes = new(Encoding.UTF8.GetBytes(text));
        WatchFrame frame = WatchFrame.Read(bytes);
        Assert.Equal(WatchEventKind.Put, frame.Kind);
        Assert.Equal("7", ObjectHeader.Of(frame.Object).ResourceVersion);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            _ = WatchFrame.Read(bytes);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData("""{"object":{}}""")]
    [InlineData("""{"type":7,"object":{}}""")]
    [InlineData("""{"type":"ADDED","object":[{}]}""")]
    public void Read_NoEvent_Throws(string text) => Assert.Throws<JsonException>(() => WatchFrame.Read(new(Encoding.UTF8.GetBytes(text))).Kind);

    [Theory]
    [InlineData("""{"items":[{"metadata":{"name":"a","resourceVersion":"1"}},{"metadata":{"name":"b","resourceVersion":"2"}}],"metadata":{"resourceVersion":"9","continue":"c"}}""", "a b")]
    [InlineData("""{"x":{"items":[{}]},"metadata":{"continue":"c","resourceVersion":"9"},"items":null,"y":[[{"items":1}]]}""", "")]
    [InlineData("""{"items":{"metadata":{"name":"a"}},"metadata":{"resourceVersion":"9","continue":"c"}}""", "")]
    public void List_FieldsInAnyOrder_AreRead(string text, string names)
    {
        RecordedLog log = new();
        WatchStatus status = new(
            new ResourceQuery(new ResourceKind("", "v1", "things"), "ns"), new WatchContext(TimeProvider.System, new Random(1), log, new FaultNotices(TimeProvider.System, log)));
        List<TestObject> items = [];

        ObjectHeader header = ListPage.Read(new(Encoding.UTF8.GetBytes(text)), new ObjectReading<TestObject>(TestObject.Reader, status), items);

        Assert.Equal(("9", "c"), (header.ResourceVersion, header.Continue));
        Assert.Equal(names, string.Join(' ', items.Select(item => item.Name)));
    }
}

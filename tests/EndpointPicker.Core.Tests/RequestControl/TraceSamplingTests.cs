using System.Diagnostics;
using System.Text;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Requests;
using Testing;

namespace EndpointPicker.Core.Tests.RequestControl;

public sealed class TraceSamplingTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string SpanId = "b7ad6b7169203331";

    [Theory]
    [InlineData("00-" + TraceId + "-" + SpanId + "-01", true)]
    [InlineData("00-" + TraceId + "-" + SpanId + "-03", true)]
    [InlineData("00-" + TraceId + "-" + SpanId + "-0b", true)]
    [InlineData("00-" + TraceId + "-" + SpanId + "-00", false)]
    [InlineData("00-" + TraceId + "-" + SpanId + "-02", false)]
    [InlineData("cc-" + TraceId + "-" + SpanId + "-01-what-may-come", true)]
    public void TrySample_CallersTrace_FollowsTheCaller(string header, bool expected)
    {
        // Were the caller not followed, the share would decide the opposite.
        Assert.Equal(expected, new TraceSampling(expected ? 0 : 1, 1).TrySample(Headers(header), out ActivityContext parent));
        Assert.Equal(expected ? TraceId : new string('0', 32), parent.TraceId.ToHexString());
        Assert.Equal(expected ? SpanId : new string('0', 16), parent.SpanId.ToHexString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("00-" + TraceId + "-" + SpanId + "-1")]
    [InlineData("00-" + TraceId + "-" + SpanId + "-01-more")]
    [InlineData("ff-" + TraceId + "-" + SpanId + "-01")]
    [InlineData("00-0AF7651916CD43DD8448EB211C80319C-" + SpanId + "-01")]
    [InlineData("00-00000000000000000000000000000000-" + SpanId + "-01")]
    [InlineData("00-" + TraceId + "-0000000000000000-01")]
    [InlineData("00-" + TraceId + "-" + SpanId + "-0g")]
    [InlineData("00_" + TraceId + "_" + SpanId + "_01")]
    public void TrySample_MalformedHeader_BeginsATrace(string header)
    {
        Assert.False(new TraceSampling(0, 1).TrySample(Headers(header), out _));
        Assert.True(new TraceSampling(1, 1).TrySample(Headers(header), out ActivityContext parent));
        Assert.NotEqual(TraceId, parent.TraceId.ToHexString());
        Assert.Equal(default, parent.SpanId);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.1, 900, 1100)]
    [InlineData(0.5, 4800, 5200)]
    [InlineData(1, 10_000, 10_000)]
    public void TrySample_NoCaller_TakesTheShare(double ratio, int least, int most)
    {
        TraceSampling sut = new(ratio, seed: 7);
        HeaderTable none = new();
        HashSet<string> ids = [];
        for (int i = 0; i < 10_000; i++)
        {
            if (sut.TrySample(none, out ActivityContext parent))
            {
                ids.Add(parent.TraceId.ToHexString());
            }
        }

        Assert.InRange(ids.Count, least, most);
    }

    [Fact]
    public void TrySample_VendorsState_GoesOn()
    {
        HeaderTable headers = Headers("00-" + TraceId + "-" + SpanId + "-01");
        headers.Add("tracestate"u8, "vendor=1"u8);
        Assert.True(new TraceSampling(0, 1).TrySample(headers, out ActivityContext parent));
        Assert.Equal("vendor=1", parent.TraceState);
        Assert.True(parent.IsRemote);
    }

    [Fact]
    public void TrySample_NotSampled_AllocatesNothing()
    {
        TraceSampling sut = new(0, 1);
        HeaderTable notTraced = Headers("00-" + TraceId + "-" + SpanId + "-00");
        HeaderTable none = new();
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                sut.TrySample(notTraced, out _);
                sut.TrySample(none, out _);
            }
        }));
    }

    private static HeaderTable Headers(string traceParent)
    {
        HeaderTable headers = new();
        headers.Add("traceparent"u8, Encoding.ASCII.GetBytes(traceParent));
        return headers;
    }
}

using EndpointPicker.Grpc.Health;
using EndpointPicker.Hosting.Lifetime;
using Microsoft.Extensions.Logging.Abstractions;

namespace EndpointPicker.Tests.Hosting.Lifetime;

public sealed class PoolReadinessTests
{
    private readonly Readiness _readiness = new(new HealthState(new HealthNames(knownOnly: false)), NullLogger<Readiness>.Instance);

    public PoolReadinessTests() => _readiness.Set(ReadinessCondition.Warm, null);

    [Fact]
    public void Report_OnePool_IsReadyWhileItIsThere()
    {
        PoolReadiness sut = new(_readiness, othersServe: false);
        sut.Report("a", "listing", pending: true, null);
        Assert.Equal("listing", _readiness.Reason);
        sut.Report("a", null, pending: true, null);
        Assert.True(_readiness.IsReady);
        sut.Report("a", "deleted", pending: false, null);
        Assert.Equal("deleted", _readiness.Reason);
    }

    [Fact]
    public void Report_SeveralPools_BeginWhenAllAreKnownAndEndWhenNoneIsThere()
    {
        PoolReadiness sut = new(_readiness, othersServe: false);
        sut.Expect("a");
        sut.Expect("b");
        sut.Report("a", null, pending: false, null);
        Assert.Equal("nothing is known of InferencePool b yet", _readiness.Reason);
        sut.Report("b", "listing b", pending: true, null);
        Assert.Equal("listing b", _readiness.Reason);
        sut.Report("b", "no b", pending: false, null);
        Assert.True(_readiness.IsReady);
        sut.Report("c", "listing c", pending: true, null);
        Assert.True(_readiness.IsReady);
        sut.Report("a", "no a", pending: false, null);
        Assert.Equal("no a; no b; listing c", _readiness.Reason);
        sut.Forget("b");
        sut.Forget("c");
        Assert.Equal("no a", _readiness.Reason);
    }

    [Fact]
    public void ReportNone_NoPoolAtAll_SaysWhy()
    {
        PoolReadiness sut = new(_readiness, othersServe: false);
        sut.ReportNone("nothing selected");
        Assert.Equal("nothing selected", _readiness.Reason);
        sut.Report("a", null, pending: false, null);
        Assert.True(_readiness.IsReady);
        sut.Forget("a");
        Assert.Equal("nothing selected", _readiness.Reason);
    }

    [Fact]
    public void Report_ProtocolThatNoPoolSpeaks_IsNotReady()
    {
        PoolReadiness sut = new(_readiness, othersServe: false);
        sut.Report("a", null, pending: false, "a speaks x");
        Assert.Equal("a speaks x", _readiness.Reason);
        sut.Report("b", null, pending: false, null);
        Assert.True(_readiness.IsReady);
    }

    [Fact]
    public void Report_PoolsOfFilesBesides_OneFromTheClusterMayBeMissing()
    {
        PoolReadiness sut = new(_readiness, othersServe: true);
        sut.Report("a", "listing", pending: true, null);
        Assert.False(_readiness.IsReady);
        sut.Report("a", "no a", pending: false, "x");
        Assert.True(_readiness.IsReady);
    }
}

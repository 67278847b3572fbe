using EndpointPicker.Grpc.Health;
using EndpointPicker.Hosting.Lifetime;
using EndpointPicker.Tests.Hosting.Tls;

namespace EndpointPicker.Tests.Hosting.Lifetime;

public sealed class ReadinessTests
{
    private readonly HealthState _health = new(new HealthNames(knownOnly: false));
    private readonly EventLogger<Readiness> _logger = new();
    private readonly Readiness _sut;

    public ReadinessTests()
    {
        _sut = new Readiness(_health, _logger);
    }

    [Fact]
    public void Reason_AtFirst_IsPoolAndWarmUp()
    {
        Assert.Equal((false, "the pool's endpoints are not known yet; starting"), (_sut.IsReady, _sut.Reason));
        Assert.Equal(ServingStatus.NotServing, _health.Current.Readiness);
    }

    [Fact]
    public void Set_LastConditionMet_IsReadyAndSaysSoOnce()
    {
        _sut.Set(ReadinessCondition.Warm, null);
        _sut.Set(ReadinessCondition.Pool, null);
        _sut.Set(ReadinessCondition.Pool, null);
        Assert.Equal((true, ""), (_sut.IsReady, _sut.Reason));
        Assert.Equal(ServingStatus.Serving, _health.Current.Readiness);
        Assert.Equal(["NotReady", "Ready"], _logger.Events);
    }

    [Fact]
    public void Set_SeveralUnmet_TellsThemInAFixedOrder()
    {
        Ready();
        _sut.Set(ReadinessCondition.Leader, "another leads");
        _sut.Set(ReadinessCondition.Pool, "gone");
        Assert.Equal("gone; another leads", _sut.Reason);
        _sut.Set(ReadinessCondition.Pool, null);
        Assert.Equal("another leads", _sut.Reason);
        Assert.Equal(ServingStatus.NotServing, _health.Current.Readiness);
    }

    [Fact]
    public void Set_OtherReasonForTheSame_IsLoggedAndSameReasonIsNot()
    {
        Ready();
        _logger.Events.Clear();
        _sut.Set(ReadinessCondition.Leader, "a leads");
        _sut.Set(ReadinessCondition.Leader, "a leads");
        _sut.Set(ReadinessCondition.Leader, "b leads");
        Assert.Equal(["NotReady", "NotReady"], _logger.Events);
    }

    [Fact]
    public void Set_Draining_StaysSo()
    {
        Ready();
        _sut.Set(ReadinessCondition.NotDraining, "draining");
        _sut.Set(ReadinessCondition.NotDraining, null);
        _sut.Set(ReadinessCondition.Leader, null);
        Assert.Equal("draining", _sut.Reason);
        Assert.Equal(ServingStatus.NotServing, _health.Current.Readiness);
    }

    private void Ready()
    {
        _sut.Set(ReadinessCondition.Warm, null);
        _sut.Set(ReadinessCondition.Pool, null);
    }
}

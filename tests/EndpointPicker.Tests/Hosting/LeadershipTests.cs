using EndpointPicker.Cluster.Leases;
using EndpointPicker.Hosting;

namespace EndpointPicker.Tests.Hosting;

public sealed class LeadershipTests
{
    [Theory]
    [InlineData(true, "me", "", null)]
    [InlineData(true, "me", "no route", null)]
    [InlineData(false, "me", "no route", null)]
    [InlineData(false, "me", "", "not the leader: me holds lease l")]
    [InlineData(false, "other", "", "not the leader: other holds lease l")]
    [InlineData(false, "other", "no route", "not the leader: no route")]
    [InlineData(false, "", "no route", "not the leader: no route")]
    [InlineData(false, "", "", "not the leader: nobody holds lease l")]
    public void NotReady_OfEachState_IsOnlyWhereSomebodyElseMayServe(bool leads, string holder, string fault, string? expected) =>
        Assert.Equal(expected, Leadership.NotReady(new LeaderState(leads, holder, fault), "me", "l"));
}

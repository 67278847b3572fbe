using EndpointPicker.Cluster.Following;
using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Tests.Cluster.Following;

public sealed class PodEndpointsTests
{
    [Fact]
    public void Of_SeveralPorts_AreRanksInTheOrderOfThePool()
    {
        List<EndpointDescription> endpoints = PodEndpoints.Of([Objects.Pod("b", "fd00::2"), Objects.Pod("a")], [8001, 8000]);
        Assert.Equal(
            ["demo/a-rank-0 10.0.0.1:8001 0", "demo/a-rank-1 10.0.0.1:8000 1", "demo/b-rank-0 [fd00::2]:8001 0", "demo/b-rank-1 [fd00::2]:8000 1"],
            endpoints.Select(endpoint => $"{endpoint.Namespace}/{endpoint.Name} {endpoint.Address} {endpoint.Rank}"));
        Assert.All(endpoints, endpoint => Assert.Equal("vllm", endpoint.Labels["app"]));
        Assert.Equal("uid-a", endpoints[0].Incarnation);
    }

    [Theory]
    [InlineData(null, "0 1 2")]
    [InlineData("8000", "0")]
    [InlineData(" 8002 ,8000", "0 2")]
    [InlineData("8001/tcp,8002 8000", "1 2")]
    [InlineData("9999,x,,-8000", "")]
    [InlineData("", "")]
    [InlineData("99999999999999999999,8001", "1")]
    public void Of_ActivePorts_KeepTheirRankInThePool(string? active, string ranks) =>
        Assert.Equal(ranks, string.Join(' ', PodEndpoints.Of([Objects.Pod("a", activePorts: active)], [8000, 8001, 8002]).Select(endpoint => endpoint.Rank)));

    [Fact]
    public void Of_PodsThatDoNotServe_AreLeftOut() =>
        Assert.Empty(PodEndpoints.Of([Objects.Pod("a", ready: false), Objects.Pod("b", address: null), Objects.Pod("d") with { Ended = true }], [8000]));
}

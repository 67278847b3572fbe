using System.Net;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Tests.Scheduling;

namespace EndpointPicker.Core.Tests.Endpoints;

public sealed class EndpointPoolTests
{
    private readonly EndpointPool _pool = new("p");

    [Fact]
    public void Replace_SameEndpoint_KeepsObjectAndTakesLabels()
    {
        _pool.Replace([TestPool.Describe(0, 8000, ("a", "1"))]);
        Endpoint endpoint = _pool.Current.Endpoints[0];
        _pool.Replace([TestPool.Describe(1), TestPool.Describe(0, 8000, ("a", "2"))]);

        Assert.Same(endpoint, _pool.Current.Endpoints[1]);
        Assert.Equal("2", endpoint.Labels["a"]);
        Assert.Equal([1, 0], _pool.Current.Endpoints.ToArray().Select(e => e.Slot));
    }

    [Fact]
    public void Replace_AddressChanged_IsANewEndpoint()
    {
        _pool.Replace([TestPool.Describe(0, 8000)]);
        Endpoint old = _pool.Current.Endpoints[0];
        List<string> events = [];
        _pool.Left += e => events.Add($"left {e.Destination} {_pool.Current.Endpoints.Length}");
        _pool.Joined += e => events.Add($"joined {e.Destination} {_pool.Current.Endpoints.Length}");
        _pool.Replace([TestPool.Describe(0, 8001)]);

        Assert.NotSame(old, _pool.Current.Endpoints[0]);
        Assert.Equal(["left 10.0.0.1:8000 1", "joined 10.0.0.1:8001 1"], events);
    }

    [Fact]
    public void Forget_Members_LeaveAndThePoolIsAsIfNeverFilled()
    {
        List<string> left = [];
        _pool.Left += e => left.Add(e.Name);
        _pool.Replace([TestPool.Describe(0), TestPool.Describe(1)]);
        Endpoint old = _pool.Current.Endpoints[0];
        _pool.Forget();

        Assert.Equal(["pod-0", "pod-1"], left);
        Assert.False(_pool.Synced);
        Assert.Equal((0, 0), (_pool.Current.Endpoints.Length, _pool.Current.Slots));

        _pool.Replace([TestPool.Describe(0)]);
        Assert.True(_pool.Synced);
        Assert.NotSame(old, _pool.Current.Endpoints[0]);
    }

    [Fact]
    public void Replace_DuplicateIdentity_KeepsBothApart()
    {
        _pool.Replace([TestPool.Describe(0), TestPool.Describe(0)]);
        _pool.Replace([TestPool.Describe(0), TestPool.Describe(0)]);

        Assert.Equal(2, _pool.Current.Endpoints.Length);
        Assert.NotEqual(_pool.Current.Endpoints[0].Slot, _pool.Current.Endpoints[1].Slot);
    }

    [Fact]
    public void Slots_AfterChurn_AreDenseUniqueAndReused()
    {
        Random random = new(3);
        for (int round = 0; round < 200; round++)
        {
            _pool.Replace([.. Enumerable.Range(0, 40).Where(_ => random.Next(2) == 0).Select(i => TestPool.Describe(i))]);
            int[] slots = [.. _pool.Current.Endpoints.ToArray().Select(e => e.Slot)];
            Assert.Distinct(slots);
            Assert.Equal(slots.Length == 0 ? 0 : slots.Max() + 1, _pool.Current.Slots);
            Assert.True(slots.All(s => s < 40));
        }
    }

    [Fact]
    public void Synced_EmptySet_Counts()
    {
        Assert.False(_pool.Synced);
        _pool.Replace([]);
        Assert.True(_pool.Synced);
    }

    [Fact]
    public void Mark_Destinations_FindsAllAtThatAddressAlone()
    {
        _pool.Replace(
        [
            .. Enumerable.Range(0, 100).Select(i => TestPool.Describe(i)),
            TestPool.Describe(7) with { Name = "twin" },
            new EndpointDescription("default", "six", new IPEndPoint(IPAddress.Parse("fd00::1"), 8000), new Dictionary<string, string>()),
        ]);
        bool[] marks = new bool[102];
        _pool.Current.Mark("10.0.0.8:8000"u8, marks);
        _pool.Current.Mark("[fd00::1]:8000"u8, marks);
        _pool.Current.Mark("10.0.0.9:8001"u8, marks);
        _pool.Current.Mark(""u8, marks);

        Assert.Equal([7, 100, 101], marks.Index().Where(m => m.Item).Select(m => m.Index));
    }
}

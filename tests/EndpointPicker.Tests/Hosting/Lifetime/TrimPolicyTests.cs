using EndpointPicker.Hosting.Lifetime;

namespace EndpointPicker.Tests.Hosting.Lifetime;

public sealed class TrimPolicyTests
{
    private const long MiB = 1 << 20;

    private readonly TrimPolicy _sut = new();
    private long _allocated;

    [Fact]
    public void IsDue_CalmAfterABurst_IsTrueOnceUntilMuchIsHeldAgain()
    {
        Assert.False(Ask(allocated: 500 * MiB, resident: 400 * MiB));
        Assert.True(Ask(allocated: MiB, resident: 400 * MiB));
        _sut.Collected(100 * MiB);
        Assert.False(Ask(allocated: MiB, resident: 100 * MiB));
        Assert.False(Ask(allocated: MiB, resident: 131 * MiB));
        Assert.True(Ask(allocated: MiB, resident: 132 * MiB));
    }

    [Fact]
    public void IsDue_WhileMuchIsAllocated_IsFalse()
    {
        Assert.False(Ask(allocated: 5 * MiB, resident: 1000 * MiB));
        Assert.False(Ask(allocated: 5 * MiB, resident: 1000 * MiB));
        Assert.True(Ask(allocated: 4 * MiB, resident: 1000 * MiB));
    }

    [Fact]
    public void IsDue_WhereMuchIsKeptForGood_NeedsAShareOfItMore()
    {
        _sut.Collected(1000 * MiB);
        Assert.False(Ask(allocated: 0, resident: 1140 * MiB));
        Assert.True(Ask(allocated: 0, resident: 1150 * MiB));
    }

    private bool Ask(long allocated, long resident)
    {
        _allocated += allocated;
        return _sut.IsDue(_allocated, resident);
    }
}

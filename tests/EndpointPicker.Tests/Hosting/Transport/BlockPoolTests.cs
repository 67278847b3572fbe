using System.Buffers;
using EndpointPicker.Hosting.Transport;

namespace EndpointPicker.Tests.Hosting.Transport;

public sealed class BlockPoolTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(BlockPool.BlockSize)]
    public void Rent_AnySizeUpToABlock_GivesAWholeBlock(int size)
    {
        using BlockPool pool = new(1);
        using IMemoryOwner<byte> block = pool.Rent(size);
        Assert.Equal(BlockPool.BlockSize, block.Memory.Length);
    }

    [Fact]
    public void Rent_MoreThanABlock_Throws()
    {
        using BlockPool pool = new(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(BlockPool.BlockSize + 1));
    }

    [Fact]
    public void Rent_AfterReturns_GivesTheLastReturnedFirst()
    {
        using BlockPool pool = new(2);
        IMemoryOwner<byte> first = pool.Rent();
        IMemoryOwner<byte> second = pool.Rent();
        Assert.NotSame(first, second);
        first.Dispose();
        second.Dispose();
        Assert.Same(second, pool.Rent());
        Assert.Same(first, pool.Rent());
    }

    [Fact]
    public void Return_MoreThanAreKept_DropsTheRest()
    {
        using BlockPool pool = new(1);
        IMemoryOwner<byte> kept = pool.Rent();
        IMemoryOwner<byte> dropped = pool.Rent();
        kept.Dispose();
        dropped.Dispose();
        Assert.Same(kept, pool.Rent());
        Assert.NotSame(dropped, pool.Rent());
    }

    [Fact]
    public void ReleaseIdle_AfterReturns_KeepsNothing()
    {
        BlockPoolFactory factory = new();
        using MemoryPool<byte> pool = factory.Create(null);
        IMemoryOwner<byte> returned = pool.Rent();
        returned.Dispose();
        factory.ReleaseIdle();
        Assert.NotSame(returned, pool.Rent());
    }

    [Fact]
    public async Task RentAndReturn_FromManyThreads_NeverSharesABlock()
    {
        using BlockPool pool = new(4);
        TaskCompletionSource<bool> start = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task[] users = [.. Enumerable.Range(1, 8).Select(async user =>
        {
            await start.Task;
            for (int i = 0; i < 20_000; i++)
            {
                using IMemoryOwner<byte> block = pool.Rent();
                block.Memory.Span[0] = (byte)user;
                block.Memory.Span[^1] = (byte)i;
                Assert.Equal((byte)user, block.Memory.Span[0]);
                Assert.Equal((byte)i, block.Memory.Span[^1]);
            }
        })];
        start.SetResult(true);
        await Task.WhenAll(users);
    }
}

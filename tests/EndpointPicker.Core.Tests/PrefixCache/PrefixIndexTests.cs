using System.Net;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.PrefixCache;
using Testing;

namespace EndpointPicker.Core.Tests.PrefixCache;

public class PrefixIndexTests
{
    private readonly PrefixIndex _sut = CreateSut(capacity: 1000);

    [Fact]
    public void Match_EmptyIndex_CountsNothing() => Assert.Equal([0, 0], Match(_sut, Chain(1, 10), 2));

    [Fact]
    public void Match_SeveralHolders_CountsEachBlockForEachHolder()
    {
        ulong[] chain = Chain(1, 10);
        _sut.Record(chain, EndpointAt(0));
        _sut.Record(chain.AsSpan(0, 6), EndpointAt(1));

        Assert.Equal([10, 6, 0], Match(_sut, chain, 3));
        Assert.Equal(16, _sut.Count);
        Assert.True(_sut.IsConsistent());
    }

    [Fact]
    public void Match_HolderMissesAnEarlierBlock_StillCountsTheLater()
    {
        ulong[] chain = Chain(1, 10);
        _sut.Record(chain, EndpointAt(0));
        _sut.Record(chain.AsSpan(7), EndpointAt(1));

        Assert.Equal([10, 3], Match(_sut, chain, 2));
    }

    [Fact]
    public void Match_BlockThatNobodyHolds_EndsTheCount()
    {
        ulong[] chain = Chain(1, 10);
        _sut.Record(chain.AsSpan(0, 4), EndpointAt(0));
        _sut.Record(chain.AsSpan(5), EndpointAt(1));

        Assert.Equal([4, 0], Match(_sut, chain, 2));
    }

    [Fact]
    public void Match_SlotBeyondTheCounts_IsLeftOut()
    {
        ulong[] chain = Chain(1, 10);
        _sut.Record(chain, EndpointAt(5));

        Assert.Equal([0, 0], Match(_sut, chain, 2));
    }

    [Fact]
    public void Match_BlockOfManyHolders_CountsThemAll()
    {
        ulong[] chain = Chain(1, 3);
        for (int slot = 0; slot < 500; slot++)
        {
            _sut.Record(chain, EndpointAt(slot));
        }

        Assert.All(Match(_sut, chain, 500), count => Assert.Equal(3, count));
    }

    [Fact]
    public void Record_Twice_CountsOnce()
    {
        Endpoint endpoint = EndpointAt(0);
        _sut.Record(Chain(1, 10), endpoint);
        _sut.Record(Chain(1, 10), endpoint);

        Assert.Equal(10, _sut.Count);
    }

    [Fact]
    public void Record_BeyondTheCapacity_KeepsTheNewestAndNeverMore()
    {
        Endpoint endpoint = EndpointAt(0);
        for (int seed = 1; seed <= 500; seed++)
        {
            _sut.Record(Chain(seed, 10), endpoint);
            Assert.InRange(_sut.CountOf(endpoint), 0, 1000);
        }

        Assert.InRange(_sut.CountOf(endpoint), 1000 - (1000 / 32), 1000);
        Assert.True(_sut.IsConsistent());
        for (int seed = 500; seed > 500 - 75; seed--)
        {
            Assert.Equal([10], Match(_sut, Chain(seed, 10), 1));
        }

        Assert.Equal([0], Match(_sut, Chain(1, 10), 1));
    }

    [Fact]
    public void Record_ChainLongerThanTheCapacity_KeepsItsHead()
    {
        ulong[] chain = Chain(1, 3000);
        _sut.Record(chain, EndpointAt(0));

        Assert.Equal([1000], Match(_sut, chain, 1));
        Assert.Equal(1000, _sut.Count);
    }

    [Fact]
    public void Record_WhereAChainIsPartlyEvicted_LosesTheTailFirst()
    {
        ulong[] chain = Chain(1, 800);
        Endpoint endpoint = EndpointAt(0);
        _sut.Record(chain, endpoint);
        _sut.Record(Chain(2, 600), endpoint);

        int left = Match(_sut, chain, 1)[0];
        Assert.InRange(left, 400 - 32, 400);
    }

    [Fact]
    public void Record_HotPrefixAmongColdPrompts_StaysWhole()
    {
        ulong[] hot = Chain(1, 200);
        Endpoint endpoint = EndpointAt(0);
        for (int seed = 2; seed < 300; seed++)
        {
            _sut.Record(hot, endpoint);
            _sut.Record(Chain(seed, 50), endpoint);
            Assert.Equal([200], Match(_sut, hot, 1));
        }
    }

    [Fact]
    public void Record_SmallHotPrefixForAges_KeepsOthersWhereThereIsRoom()
    {
        ulong[] quiet = Chain(2, 100);
        Endpoint endpoint = EndpointAt(0);
        _sut.Record(quiet, endpoint);
        for (int i = 0; i < 50_000; i++)
        {
            _sut.Record(Chain(1, 100), endpoint);
        }

        Assert.Equal([100], Match(_sut, quiet, 1));
    }

    [Theory]
    [InlineData(0, 0, 1000)]
    [InlineData(400, 16, 100)]
    [InlineData(100, 128, 200)]
    public void Record_EndpointThatTellsItsCache_ScalesItToBlocks(int cacheBlocks, int cacheBlockSize, int expected)
    {
        Endpoint endpoint = EndpointAt(0);
        endpoint.Publish(new EndpointSignals { CacheBlocks = cacheBlocks, CacheBlockSize = cacheBlockSize }, 1);

        _sut.Record(Chain(1, 3000), endpoint);

        Assert.Equal(expected, _sut.CountOf(endpoint));
    }

    [Fact]
    public void Record_CacheSizeToldLater_IsTakenOver()
    {
        Endpoint endpoint = EndpointAt(0);
        _sut.Record(Chain(1, 900), endpoint);
        endpoint.Publish(new EndpointSignals { CacheBlocks = 400, CacheBlockSize = 16 }, 1);

        _sut.Record(Chain(2, 200), endpoint);

        Assert.InRange(_sut.CountOf(endpoint), 1, 100);
        Assert.True(_sut.IsConsistent());
    }

    [Fact]
    public void Forget_Endpoint_LeavesNothingOfItAndAllOfOthers()
    {
        ulong[] chain = Chain(1, 10);
        Endpoint gone = EndpointAt(0);
        _sut.Record(chain, gone);
        _sut.Record(chain, EndpointAt(1));

        _sut.Forget(gone);

        Assert.Equal([0, 10], Match(_sut, chain, 2));
        Assert.Equal(10, _sut.Count);
        Assert.True(_sut.IsConsistent());
    }

    [Fact]
    public void Record_AfterForget_IsIgnored()
    {
        Endpoint gone = EndpointAt(0);
        _sut.Record(Chain(1, 10), gone);
        _sut.Forget(gone);
        Endpoint next = EndpointAt(0);
        _sut.Record(Chain(2, 10), next);

        _sut.Record(Chain(1, 10), gone);

        Assert.Equal([0], Match(_sut, Chain(1, 10), 1));
        Assert.Equal([10], Match(_sut, Chain(2, 10), 1));
    }

    [Fact]
    public void Record_SlotReusedOverAndOver_NeverSeesAnEarlierEndpoint()
    {
        for (int seed = 1; seed < 10_000; seed++)
        {
            Endpoint endpoint = EndpointAt(3);
            _sut.Record(Chain(seed, 2), endpoint);
            Assert.Equal(2, Match(_sut, Chain(seed, 2), 4)[3]);
            Assert.Equal(0, Match(_sut, Chain(seed / 2, 2), 4)[3]);
            _sut.Forget(endpoint);
        }

        Assert.Equal(0, _sut.Count);
        Assert.True(_sut.IsConsistent());
    }

    [Fact]
    public async Task Bytes_ManyEndpointsWithBlocksOfTheirOwn_StaysWithinTwoAndAHalfSlotsABlock()
    {
        PrefixIndex sut = CreateSut(capacity: 5000);
        for (int slot = 0; slot < 20; slot++)
        {
            Endpoint endpoint = EndpointAt(slot);
            for (int seed = 0; seed < 30; seed++)
            {
                sut.Record(Chain((slot * 100) + seed + 1, 500), endpoint);
                await sut.WhenIdleAsync();
            }
        }

        Assert.InRange(sut.Count, 20 * (5000 - (5000 / 32)), 20 * 5000);
        Assert.InRange(sut.Bytes, 0, (100_000 * 40) + 200_000);
    }

    [Fact]
    public void MatchAndRecord_LongChain_AllocateNothing()
    {
        ulong[] chain = Chain(1, 900);
        Endpoint endpoint = EndpointAt(0);
        _sut.Record(chain, endpoint);
        int[] counts = new int[100];
        _sut.Match(chain, counts);

        Assert.Equal(0, Allocations.Least(() =>
        {
            _sut.Match(chain, counts);
            _sut.Record(chain, endpoint);
        }));
    }

    internal static PrefixIndex CreateSut(int capacity, int initialLines = 64) =>
        new(new PrefixIndexOptions { LruCapacityPerServer = capacity }, initialLines);

    internal static Endpoint EndpointAt(int slot) =>
        new(new EndpointDescription("default", $"pod-{slot}", new IPEndPoint(IPAddress.Loopback, 8000), new Dictionary<string, string>()), slot);

    internal static ulong[] Chain(int seed, int length)
    {
        System.Random random = new(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue))];
    }

    internal static int[] Match(PrefixIndex index, ulong[] chain, int slots)
    {
        int[] counts = new int[slots];
        index.Match(chain, counts);
        return counts;
    }
}

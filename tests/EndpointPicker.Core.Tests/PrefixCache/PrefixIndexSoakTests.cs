using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.PrefixCache;

namespace EndpointPicker.Core.Tests.PrefixCache;

public class PrefixIndexSoakTests
{
    [Fact]
    public async Task EverythingAtOnce_AfterQuiescence_CountersEqualTheTable()
    {
        const int Slots = 16;
        PrefixIndex sut = PrefixIndexTests.CreateSut(capacity: 2000, initialLines: 8);
        ulong[][] chains = [.. Enumerable.Range(1, 200).Select(seed => PrefixIndexTests.Chain(seed, 300))];
        Endpoint[] endpoints = [.. Enumerable.Range(0, Slots).Select(PrefixIndexTests.EndpointAt)];
        using CancellationTokenSource writing = new();
        Task[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => Read(sut, chains, Slots, writing.Token)))];
        Task[] writers = [.. Enumerable.Range(0, 3).Select(i => Task.Run(() => Write(sut, chains, endpoints, new Random(i))))];

        await Task.WhenAll(writers);
        await writing.CancelAsync();
        await Task.WhenAll(readers);
        await sut.WhenIdleAsync();

        Assert.True(sut.IsConsistent());
        Assert.All(endpoints, endpoint => Assert.InRange(sut.CountOf(endpoint), 0, 2000));
        sut.Record(chains[0], endpoints[0]);
        Assert.Equal(300, PrefixIndexTests.Match(sut, chains[0], 1)[0]);
    }

    [Fact]
    public async Task Match_WhileTheTableGrows_NeverMissesWhatIsHeld()
    {
        PrefixIndex sut = PrefixIndexTests.CreateSut(capacity: 100_000, initialLines: 1);
        ulong[] held = PrefixIndexTests.Chain(1, 300);
        sut.Record(held, PrefixIndexTests.EndpointAt(0));
        Endpoint other = PrefixIndexTests.EndpointAt(1);
        Task growth = Task.Run(
            () =>
            {
                for (int seed = 2; seed < 300; seed++)
                {
                    sut.Record(PrefixIndexTests.Chain(seed, 300), other);
                }
            },
            TestContext.Current.CancellationToken);
        int[] counts = new int[1];
        do
        {
            counts[0] = 0;
            sut.Match(held, counts);
            Assert.Equal(300, counts[0]);
        }
        while (!growth.IsCompleted);

        await growth;
    }

    private static void Read(PrefixIndex sut, ulong[][] chains, int slots, CancellationToken stop)
    {
        int[] counts = new int[slots];
        for (int i = 0; !stop.IsCancellationRequested; i++)
        {
            Array.Clear(counts);
            sut.Match(chains[i % chains.Length], counts);

            // A block counts twice at most while it is being moved.
            Assert.All(counts, count => Assert.InRange(count, 0, 2 * 300));
        }
    }

    private static void Write(PrefixIndex sut, ulong[][] chains, Endpoint[] endpoints, Random random)
    {
        for (int i = 0; i < 2000; i++)
        {
            int slot = random.Next(endpoints.Length);
            if (random.Next(50) == 0)
            {
                Endpoint gone = Interlocked.Exchange(ref endpoints[slot], PrefixIndexTests.EndpointAt(slot));
                sut.Forget(gone);
            }
            else
            {
                sut.Record(chains[random.Next(chains.Length)], Volatile.Read(ref endpoints[slot]));
            }
        }
    }
}

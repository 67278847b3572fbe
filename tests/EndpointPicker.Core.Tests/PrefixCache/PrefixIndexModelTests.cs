using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.PrefixCache;
using FsCheck;
using FsCheck.Fluent;

namespace EndpointPicker.Core.Tests.PrefixCache;

/// <summary>The index against sets and lists: what must be held, what must not, and what a look-up then says.</summary>
public class PrefixIndexModelTests
{
    private const int Slots = 6;

    [Fact]
    public void Match_WithRoomForAll_SaysWhatPlainSetsSay() => Check(capacity: 5000, steps: 300);

    [Fact]
    public void Match_UnderEviction_IsWithinTheBoundsOfExactLru() => Check(capacity: 64, steps: 600);

    [Fact]
    public void Match_OfTinyCapacity_IsWithinTheBoundsOfExactLru() => Check(capacity: 3, steps: 300);

    private static void Check(int capacity, int steps) =>
        Prop.ForAll<int>(seed => Run(new System.Random(seed), capacity, steps)).Check(Config.QuickThrowOnFailure.WithMaxTest(30));

    private static bool Run(System.Random random, int capacity, int steps)
    {
        // One line: the table grows under the very first blocks.
        PrefixIndex sut = PrefixIndexTests.CreateSut(capacity, initialLines: 1);
        ulong[][] chains = [.. Enumerable.Range(0, 40).Select(i => Forked(random.Next(), i))];
        Endpoint[] endpoints = [.. Enumerable.Range(0, Slots).Select(PrefixIndexTests.EndpointAt)];
        List<ulong>[] recent = [.. endpoints.Select(_ => new List<ulong>())];
        for (int step = 0; step < steps; step++)
        {
            int slot = random.Next(Slots);
            if (random.Next(40) == 0)
            {
                sut.Forget(endpoints[slot]);
                endpoints[slot] = PrefixIndexTests.EndpointAt(slot);
                recent[slot].Clear();
            }

            ulong[] chain = chains[random.Next(chains.Length)];
            chain = chain[..random.Next(1, chain.Length + 1)];
            sut.Record(chain, endpoints[slot]);
            foreach (ulong block in chain.Take(capacity).Reverse())
            {
                recent[slot].Remove(block);
                recent[slot].Add(block);
            }

            Agree(sut, chains[random.Next(chains.Length)], recent, capacity);
            Assert.All(endpoints, endpoint => Assert.InRange(sut.CountOf(endpoint), 0, capacity));
        }

        Assert.True(sut.IsConsistent());
        return true;
    }

    // Of the blocks most recently used, three quarters of the capacity are held for certain; none is held that was never recorded.
    private static void Agree(PrefixIndex sut, ulong[] chain, List<ulong>[] recent, int capacity)
    {
        HashSet<ulong>[] certain = [.. recent.Select(list => list.TakeLast(list.Count <= capacity ? list.Count : (capacity * 3) / 4).ToHashSet())];
        HashSet<ulong>[] possible = [.. recent.Select(list => list.ToHashSet())];
        int[] actual = PrefixIndexTests.Match(sut, chain, Slots);
        int[] least = Expected(chain, certain);
        int[] most = Expected(chain, possible);
        for (int slot = 0; slot < Slots; slot++)
        {
            Assert.InRange(actual[slot], least[slot], most[slot]);
        }
    }

    private static int[] Expected(ulong[] chain, HashSet<ulong>[] held)
    {
        int[] counts = new int[held.Length];
        foreach (ulong block in chain)
        {
            if (!held.Any(set => set.Contains(block)))
            {
                break;
            }

            for (int slot = 0; slot < held.Length; slot++)
            {
                counts[slot] += held[slot].Contains(block) ? 1 : 0;
            }
        }

        return counts;
    }

    // Chains share heads, as prompts do; a block's hash stands for all that lead to it, so that nothing after a fork is shared.
    private static ulong[] Forked(int seed, int index) =>
        [.. PrefixIndexTests.Chain(index % 3, 12), .. PrefixIndexTests.Chain(100 + (index % 21), 8), .. PrefixIndexTests.Chain(seed, 10)];
}

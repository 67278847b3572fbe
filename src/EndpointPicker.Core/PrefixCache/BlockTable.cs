using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EndpointPicker.Core.PrefixCache;

/// <summary>
/// Which endpoint slots hold which block: open addressing in cache lines of four slots, 16 bytes a slot, four holders a slot, as many slots
/// a block as it needs. A look-up reads from the block's home line to the first line that has an empty slot. Many readers, one writer;
/// words are written whole, so a reader never sees more than a block counted twice or not at all while the writer moves it.
/// </summary>
internal sealed partial class BlockTable
{
    public const int SlotsPerLine = 4;
    public const int SlotBytes = 16;
    public const int Lookahead = 32;

    // A break costs a stride of look-ups, a run one in a stride: with the dozen breaks of a long prompt at several endpoints, 8 and 16 cost the same.
    private const int Stride = 8;
    private const int WordsPerLine = 8;

    // Room for one block at all the endpoints there can be; hashes made to collide cost no more than this.
    private const int MaxProbes = 1024;
    private const uint EvenWords = 0b0101_0101;

    private readonly ulong[] _words;
    private readonly int _start;
    private readonly HolderGenerations _generations;
    private int _fullLines;

    public BlockTable(int lines, HolderGenerations generations)
    {
        _generations = generations;
        Lines = lines;

        // Pinned, so that the lines stay on cache-line boundaries.
        _words = GC.AllocateArray<ulong>(checked((lines + 1) * WordsPerLine), pinned: true);
        nint misaligned = Address() & 63;
        _start = misaligned == 0 ? 0 : (int)(64 - misaligned) / sizeof(ulong);
    }

    public int Lines { get; }

    public long Bytes => (long)_words.Length * sizeof(ulong);

    /// <summary>Slots that are not empty; dead ones count until they are swept.</summary>
    public int Used { get; private set; }

    /// <summary>Whether look-ups begin to run over full lines; with blocks of many holders that comes early, at half the load.</summary>
    public bool IsCrowded => (long)_fullLines * 5 >= Lines;

    /// <summary>Whether a new block would make look-ups long.</summary>
    public bool IsFull => (long)Used * 16 >= (long)Lines * SlotsPerLine * 15;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong hash)
    {
        if (Sse.IsSupported)
        {
            PrefetchLine(ref Line(Home(HolderWord.Tag(hash))));
        }
    }

    // By now the home line has come; where it is full, the block may go on in the next.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PrefetchSpill(ulong hash)
    {
        int line = Home(HolderWord.Tag(hash));
        if (Sse.IsSupported)
        {
            line += HasEmpty(line) ? 0 : 1;
            PrefetchLine(ref Line(line == Lines ? 0 : line));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool HasEmpty(int line)
    {
        _ = Same(ref Line(line), default, out uint empty);
        return empty != 0;
    }

    /// <summary>Adds 1 for each live holder of each block of a chain, up to the first block that nobody holds.</summary>
    /// <remarks>
    /// Chains are recorded whole, so one block mostly has the same holders, of the same generations, as those before and after it. Where the last
    /// block of a stride has the holders of the run before it, so have those between: whoever holds a block has recorded all that lead to it. Only
    /// where it has others, the stride is looked at block by block.
    /// </remarks>
    [SkipLocalsInit]
    public void Match(ReadOnlySpan<ulong> chain, Span<int> matchedBySlot)
    {
        for (int at = 0; at < Math.Min(Lookahead * Stride, chain.Length); at += Stride)
        {
            Prefetch(chain[at]);
        }

        Run run = default;
        int i = 0;
        while (i < chain.Length)
        {
            int last = i + Stride - 1;
            if (run.IsKnown && last < chain.Length)
            {
                PrefetchAhead(chain, last);
                if (HasHolders(chain[last], run.First, run.Second))
                {
                    run.Repeats += Stride;
                    i += Stride;
                    continue;
                }
            }

            int end = run.IsKnown ? Math.Min(i + Stride, chain.Length) : i + 1;
            for (int at = i; at < end; at++)
            {
                Prefetch(chain[at]);
            }

            for (; i < end; i++)
            {
                if (!MatchNext(chain[i], ref run, matchedBySlot))
                {
                    return;
                }
            }
        }

        CloseRun(ref run, matchedBySlot);
    }

    // By the time that a block is looked at, its home line has come, and the next where the home line is full.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PrefetchAhead(ReadOnlySpan<ulong> chain, int last)
    {
        if (last + (Lookahead * Stride) < chain.Length)
        {
            Prefetch(chain[last + (Lookahead * Stride)]);
        }

        if (last + (Lookahead / 2 * Stride) < chain.Length)
        {
            PrefetchSpill(chain[last + (Lookahead / 2 * Stride)]);
        }
    }

    // Counts one block; false where nobody holds it.
    private bool MatchNext(ulong hash, ref Run run, Span<int> matchedBySlot)
    {
        if (run.IsKnown && HasHolders(hash, run.First, run.Second))
        {
            run.Repeats++;
            return true;
        }

        bool whole = TryHolders(hash, out Vector256<ulong> holders);
        if (whole && run.IsKnown && (holders == run.Holders || Vector256.Create(holders.GetUpper(), holders.GetLower()) == run.Holders))
        {
            run.Repeats++;
            return true;
        }

        CloseRun(ref run, matchedBySlot);
        run = whole ? new Run(holders) : default;
        return whole ? AddRun(holders, 1, matchedBySlot) : Count(hash, matchedBySlot);
    }

    private void CloseRun(ref Run run, Span<int> matchedBySlot)
    {
        if (run.Repeats > 0)
        {
            AddRun(run.Holders, run.Repeats, matchedBySlot);
        }
    }

    // Whether a block has just these holders, in one or two slots. Without a branch that depends on where the slots are: those cost more
    // than all the rest.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool HasHolders(ulong hash, Vector512<ulong> first, Vector512<ulong> second)
    {
        ulong tag = HolderWord.Tag(hash);
        Vector512<ulong> pattern = Pattern(tag);
        int home = Home(tag);
        ref ulong words = ref Line(home);
        uint same = Same(ref words, pattern, out uint empty);
        uint found = Pairs(Vector512.Equals(Vector512.LoadUnsafe(ref words), pattern | first));
        uint alsoFound = Pairs(Vector512.Equals(Vector512.LoadUnsafe(ref words), pattern | second));

        // A full line goes on in the next; one that is not is looked at twice, which adds the same bits.
        int spill = empty == 0 ? 1 : 0;
        int shift = spill * WordsPerLine;
        ref ulong more = ref Line(home + spill == Lines ? 0 : home + spill);
        same |= Same(ref more, pattern, out empty) << shift;
        found |= Pairs(Vector512.Equals(Vector512.LoadUnsafe(ref more), pattern | first)) << shift;
        alsoFound |= Pairs(Vector512.Equals(Vector512.LoadUnsafe(ref more), pattern | second)) << shift;
        return found != 0 & alsoFound != 0 & (found | alsoFound) == same & empty != 0;
    }

    // The holders of a block without its tag; false where they are in more than two slots.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryHolders(ulong hash, out Vector256<ulong> holders)
    {
        ulong tag = HolderWord.Tag(hash);
        Vector512<ulong> pattern = Pattern(tag);
        Vector128<ulong> first = Vector128<ulong>.Zero;
        Vector128<ulong> second = Vector128<ulong>.Zero;
        int line = Home(tag);
        int slots = 0;
        for (int probes = 0; probes < MaxProbes; probes++)
        {
            ref ulong words = ref Line(line);
            uint same = Same(ref words, pattern, out uint empty);
            for (; same != 0; same &= same - 1)
            {
                second = first;
                first = Vector128.LoadUnsafe(ref words, (nuint)BitOperations.TrailingZeroCount(same));
                slots++;
            }

            if (empty != 0)
            {
                break;
            }

            line = Next(line);
        }

        holders = Vector256.Create(first, second) & Vector256.Create(~HolderWord.TagMask);
        return slots <= 2;
    }

    private bool AddRun(Vector256<ulong> holders, int times, Span<int> matchedBySlot)
    {
        bool held = false;
        for (int i = 0; i < Vector256<ulong>.Count; i++)
        {
            // No slot is here, or half of one that is being replaced.
            if (holders[i] != 0)
            {
                held |= Add(HolderWord.First(holders[i]), times, matchedBySlot);
                held |= Add(HolderWord.Second(holders[i]), times, matchedBySlot);
            }
        }

        return held;
    }

    private bool Count(ulong hash, Span<int> matchedBySlot)
    {
        ulong tag = HolderWord.Tag(hash);
        Vector512<ulong> pattern = Pattern(tag);
        bool held = false;
        int line = Home(tag);
        for (int probes = 0; probes < MaxProbes; probes++)
        {
            ref ulong words = ref Line(line);
            uint same = Same(ref words, pattern, out uint empty);
            for (; same != 0; same &= same - 1)
            {
                int at = BitOperations.TrailingZeroCount(same);
                ulong high = Unsafe.Add(ref words, at);
                ulong low = Unsafe.Add(ref words, at + 1);
                held |= Add(HolderWord.First(high), 1, matchedBySlot);
                held |= Add(HolderWord.Second(high), 1, matchedBySlot);
                held |= Add(HolderWord.First(low), 1, matchedBySlot);
                held |= Add(HolderWord.Second(low), 1, matchedBySlot);
            }

            if (empty != 0)
            {
                break;
            }

            line = Next(line);
        }

        return held;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Add(uint holder, int times, Span<int> matchedBySlot)
    {
        bool live = _generations.IsLive(holder);
        uint slot = HolderWord.Slot(holder);
        if (slot < (uint)matchedBySlot.Length)
        {
            matchedBySlot[(int)slot] += live ? times : 0;
        }

        return live;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Pattern(ulong tag) => Repeat(Vector128.Create(HolderWord.HighTag(tag), HolderWord.LowTag(tag)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Repeat(Vector128<ulong> slot)
    {
        Vector256<ulong> two = Vector256.Create(slot, slot);
        return Vector512.Create(two, two);
    }

    // Bit 2n of the result is set where slot n has the tag, bit 2n of "empty" where it is empty.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Same(ref ulong words, Vector512<ulong> pattern, out uint empty)
    {
        Vector512<ulong> line = Vector512.LoadUnsafe(ref words);
        empty = Pairs(Vector512.Equals(line, Vector512<ulong>.Zero));
        return Pairs(Vector512.Equals(line & Vector512.Create(HolderWord.TagMask), pattern));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Pairs(Vector512<ulong> equal)
    {
        uint bits = (uint)equal.ExtractMostSignificantBits();
        return bits & (bits >> 1) & EvenWords;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Home(ulong tag) => (int)((tag * (ulong)Lines) >> 36);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Next(int line) => line + 1 == Lines ? 0 : line + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref ulong Line(int line) =>
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_words), _start + ((nint)line * WordsPerLine));

    private static unsafe void PrefetchLine(ref ulong line) => Sse.Prefetch0(Unsafe.AsPointer(ref line));

    // Blocks one after the other that have the same holders, in one or two slots.
    private struct Run
    {
        public readonly Vector256<ulong> Holders;
        public readonly Vector512<ulong> First;
        public readonly Vector512<ulong> Second;
        public readonly bool IsKnown;
        public int Repeats;

        public Run(Vector256<ulong> holders)
        {
            Holders = holders;
            First = Repeat(holders.GetLower());
            Second = holders.GetUpper() == default ? First : Repeat(holders.GetUpper());
            IsKnown = true;
        }
    }

    private unsafe nint Address() => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_words));
}

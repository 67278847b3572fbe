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
    private const int WordsPerLine = 8;
    private const uint EvenWords = 0b0101_0101;

    private readonly ulong[] _words;
    private readonly int _start;
    private readonly HolderGenerations _generations;

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

    public bool IsFullTo(int part, int whole) => (long)Used * whole >= (long)Lines * SlotsPerLine * part;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong hash)
    {
        if (Sse.IsSupported)
        {
            PrefetchLine(ref Line(Home(HolderWord.Tag(hash))));
        }
    }

    /// <summary>Adds 1 for each live holder of a block.</summary>
    /// <returns>Whether anyone holds it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Count(ulong hash, Span<int> matchedBySlot)
    {
        ulong tag = HolderWord.Tag(hash);
        Vector256<ulong> pattern = Pattern(tag);
        bool held = false;
        int line = Home(tag);
        for (int probes = 0; probes < Lines; probes++)
        {
            ref ulong words = ref Line(line);
            uint same = Same(ref words, pattern, out uint empty);
            for (; same != 0; same &= same - 1)
            {
                int at = System.Numerics.BitOperations.TrailingZeroCount(same);
                ulong high = Unsafe.Add(ref words, at);
                ulong low = Unsafe.Add(ref words, at + 1);
                held |= Add(HolderWord.First(high), matchedBySlot);
                held |= Add(HolderWord.Second(high), matchedBySlot);
                held |= Add(HolderWord.First(low), matchedBySlot);
                held |= Add(HolderWord.Second(low), matchedBySlot);
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
    private bool Add(uint holder, Span<int> matchedBySlot)
    {
        bool live = _generations.IsLive(holder);
        uint slot = HolderWord.Slot(holder);
        if (slot < (uint)matchedBySlot.Length)
        {
            matchedBySlot[(int)slot] += live ? 1 : 0;
        }

        return live;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Pattern(ulong tag) =>
        Vector256.Create(Vector128.Create(HolderWord.HighTag(tag), HolderWord.LowTag(tag)));

    // Bit 2n of the result is set where slot n has the tag, bit 2n of "empty" where it is empty.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Same(ref ulong words, Vector256<ulong> pattern, out uint empty)
    {
        Vector256<ulong> first = Vector256.LoadUnsafe(ref words);
        Vector256<ulong> second = Vector256.LoadUnsafe(ref words, 4);
        Vector256<ulong> mask = Vector256.Create(HolderWord.TagMask);
        uint same = Bits(Vector256.Equals(first & mask, pattern), Vector256.Equals(second & mask, pattern));
        uint zero = Bits(Vector256.Equals(first, Vector256<ulong>.Zero), Vector256.Equals(second, Vector256<ulong>.Zero));
        empty = zero & (zero >> 1) & EvenWords;
        return same & (same >> 1) & EvenWords;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Bits(Vector256<ulong> first, Vector256<ulong> second) =>
        first.ExtractMostSignificantBits() | (second.ExtractMostSignificantBits() << 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Home(ulong tag) => (int)((tag * (ulong)Lines) >> 36);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Next(int line) => line + 1 == Lines ? 0 : line + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref ulong Line(int line) =>
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_words), _start + ((nint)line * WordsPerLine));

    private static unsafe void PrefetchLine(ref ulong line) => Sse.Prefetch0(Unsafe.AsPointer(ref line));

    private unsafe nint Address() => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_words));
}

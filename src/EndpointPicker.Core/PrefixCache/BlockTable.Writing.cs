using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EndpointPicker.Core.PrefixCache;

internal sealed partial class BlockTable
{
    /// <summary>Finds the live holder of a block in an endpoint slot, or the place where it can be written.</summary>
    /// <param name="hash">The block.</param>
    /// <param name="slot">The endpoint slot.</param>
    /// <returns>The place; it is good until the table is swept.</returns>
    public Place Find(ulong hash, int slot)
    {
        ulong tag = HolderWord.Tag(hash);
        Vector512<ulong> pattern = Pattern(tag);
        int line = Home(tag);
        bool known = false;
        for (int probes = 0; probes < MaxProbes; probes++)
        {
            ref ulong words = ref Line(line);
            uint same = Same(ref words, pattern, out uint empty);
            known |= same != 0;
            for (; same != 0; same &= same - 1)
            {
                int at = BitOperations.TrailingZeroCount(same);
                for (int i = at; i < at + 2; i++)
                {
                    ulong word = Unsafe.Add(ref words, i);
                    uint first = HolderWord.First(word);
                    uint second = HolderWord.Second(word);
                    if (HolderWord.Slot(first) == (uint)slot && _generations.IsLive(first))
                    {
                        return new Place((line * WordsPerLine) + i, Second: false, first, Taken: true);
                    }

                    if (HolderWord.Slot(second) == (uint)slot && _generations.IsLive(second))
                    {
                        return new Place((line * WordsPerLine) + i, Second: true, second, Taken: true);
                    }
                }
            }

            if (empty != 0)
            {
                break;
            }

            line = Next(line);
        }

        return FindFree(tag, known);
    }

    /// <summary>Writes a holder at the place that <see cref="Find"/> gave.</summary>
    /// <param name="place">The place.</param>
    /// <param name="hash">The block.</param>
    /// <param name="holder">The holder.</param>
    public void Write(Place place, ulong hash, uint holder)
    {
        ref ulong word = ref Unsafe.Add(ref Line(0), place.Word);
        if (place.Taken)
        {
            ulong old = word;
            Volatile.Write(ref word, place.Second ? HolderWord.WithSecond(old, holder) : HolderWord.WithFirst(old, holder));
            return;
        }

        ref ulong other = ref Unsafe.Add(ref word, 1);
        bool wasEmpty = (word | other) == 0;
        ulong tag = HolderWord.Tag(hash);
        Volatile.Write(ref other, HolderWord.Unheld(HolderWord.LowTag(tag)));
        Volatile.Write(ref word, HolderWord.WithFirst(HolderWord.Unheld(HolderWord.HighTag(tag)), holder));
        if (wasEmpty)
        {
            CountUsed(place.Word / WordsPerLine);
        }
    }

    /// <summary>Clears what is dead in one line, and closes the gaps.</summary>
    /// <param name="line">The line.</param>
    public void Sweep(int line)
    {
        ref ulong words = ref Line(line);
        for (int at = 0; at < WordsPerLine; at += 2)
        {
            // Closing a gap may bring another dead slot here.
            while ((Unsafe.Add(ref words, at) | Unsafe.Add(ref words, at + 1)) != 0 && !AnyLive(ref Unsafe.Add(ref words, at)))
            {
                Remove(line, at);
            }

            if ((Unsafe.Add(ref words, at) | Unsafe.Add(ref words, at + 1)) != 0)
            {
                Clean(ref Unsafe.Add(ref words, at));
                Clean(ref Unsafe.Add(ref words, at + 1));
            }
        }
    }

    /// <summary>Makes a table of another size with the live holders of this one.</summary>
    /// <param name="lines">The new size.</param>
    /// <returns>The new table.</returns>
    public BlockTable Resized(int lines)
    {
        BlockTable table = new(lines, _generations);
        for (int line = 0; line < Lines; line++)
        {
            ref ulong words = ref Line(line);
            for (int at = 0; at < WordsPerLine; at += 2)
            {
                ref ulong high = ref Unsafe.Add(ref words, at);
                if (AnyLive(ref high))
                {
                    table.Append(_generations.WithoutDead(high), _generations.WithoutDead(Unsafe.Add(ref high, 1)));
                }
            }
        }

        return table;
    }

    /// <summary>Counts the live holders in the table, slot by slot.</summary>
    /// <param name="counts">Where the counts go.</param>
    public void CountHolders(Span<int> counts)
    {
        for (int line = 0; line < Lines; line++)
        {
            for (int at = 0; at < WordsPerLine; at++)
            {
                ref ulong pair = ref Unsafe.Add(ref Line(line), at & ~1);
                if ((pair | Unsafe.Add(ref pair, 1)) != 0)
                {
                    ulong word = Unsafe.Add(ref Line(line), at);
                    Add(HolderWord.First(word), 1, counts);
                    Add(HolderWord.Second(word), 1, counts);
                }
            }
        }
    }

    // A place beside the block's other holders is better than a slot of its own.
    private Place FindFree(ulong tag, bool known)
    {
        Vector512<ulong> pattern = Pattern(tag);
        Place free = new(-1, Second: false, HolderWord.None, Taken: false);
        int line = Home(tag);
        for (int probes = 0; probes < MaxProbes; probes++)
        {
            ref ulong words = ref Line(line);
            uint same = Same(ref words, pattern, out uint empty);
            for (; same != 0; same &= same - 1)
            {
                int at = BitOperations.TrailingZeroCount(same);
                for (int i = at; i < at + 2; i++)
                {
                    ulong word = Unsafe.Add(ref words, i);
                    bool firstLive = _generations.IsLive(HolderWord.First(word));
                    if (!firstLive || !_generations.IsLive(HolderWord.Second(word)))
                    {
                        return new Place((line * WordsPerLine) + i, Second: firstLive, HolderWord.None, Taken: true);
                    }
                }
            }

            if (free.Word < 0)
            {
                int unused = empty != 0 ? BitOperations.TrailingZeroCount(empty) : DeadSlot(ref words);
                free = unused < 0 ? free : free with { Word = (line * WordsPerLine) + unused };
            }

            if (empty != 0 || (!known && free.Word >= 0))
            {
                break;
            }

            line = Next(line);
        }

        return free;
    }

    private void Append(ulong high, ulong low)
    {
        int line = Home(HolderWord.Tag(high, low));
        while (true)
        {
            ref ulong words = ref Line(line);
            _ = Same(ref words, default, out uint empty);
            if (empty != 0)
            {
                int at = BitOperations.TrailingZeroCount(empty);
                Unsafe.Add(ref words, at) = high;
                Unsafe.Add(ref words, at + 1) = low;
                CountUsed(line);
                return;
            }

            line = Next(line);
        }
    }

    // Linear probing without tombstones: a block that had to move past this line comes back into the gap, and leaves the next gap.
    private void Remove(int line, int at)
    {
        while (true)
        {
            ref ulong gap = ref Unsafe.Add(ref Line(line), at);
            (int from, int fromAt) = HasEmpty(line) ? (-1, 0) : FindDisplaced(line);
            if (from < 0)
            {
                _fullLines -= HasEmpty(line) ? 0 : 1;
                Volatile.Write(ref gap, 0);
                Volatile.Write(ref Unsafe.Add(ref gap, 1), 0);
                Used--;
                return;
            }

            ref ulong source = ref Unsafe.Add(ref Line(from), fromAt);
            Volatile.Write(ref Unsafe.Add(ref gap, 1), Unsafe.Add(ref source, 1));
            Volatile.Write(ref gap, source);
            (line, at) = (from, fromAt);
        }
    }

    private (int Line, int At) FindDisplaced(int gap)
    {
        int line = gap;
        for (int distance = 1; distance < Lines; distance++)
        {
            line = Next(line);
            ref ulong words = ref Line(line);
            for (int at = 0; at < WordsPerLine; at += 2)
            {
                ulong high = Unsafe.Add(ref words, at);
                ulong low = Unsafe.Add(ref words, at + 1);
                if ((high | low) != 0)
                {
                    int displacement = line - Home(HolderWord.Tag(high, low));
                    if ((displacement < 0 ? displacement + Lines : displacement) >= distance)
                    {
                        return (line, at);
                    }
                }
            }

            if (HasEmpty(line))
            {
                break;
            }
        }

        return (-1, 0);
    }

    private void CountUsed(int line)
    {
        Used++;
        _fullLines += HasEmpty(line) ? 0 : 1;
    }

    private int DeadSlot(ref ulong words)
    {
        for (int at = 0; at < WordsPerLine; at += 2)
        {
            if (!AnyLive(ref Unsafe.Add(ref words, at)))
            {
                return at;
            }
        }

        return -1;
    }

    // An empty slot looks like two holders of generation 0 in slot 0, so it is asked for first.
    private bool AnyLive(ref ulong high)
    {
        ulong low = Unsafe.Add(ref high, 1);
        return (high | low) != 0 && (_generations.AnyLive(high) || _generations.AnyLive(low));
    }

    private void Clean(ref ulong word)
    {
        ulong clean = _generations.WithoutDead(word);
        if (clean != word)
        {
            Volatile.Write(ref word, clean);
        }
    }

    /// <summary>A place for one holder.</summary>
    /// <param name="Word">The word, counted from the first line's first; negative where the table is full.</param>
    /// <param name="Second">Whether it is the second holder of the word.</param>
    /// <param name="Holder">The live holder that stands there, or <see cref="HolderWord.None"/>.</param>
    /// <param name="Taken">Whether the slot has the block's tag already; else it is written anew.</param>
    internal readonly record struct Place(int Word, bool Second, uint Holder, bool Taken);
}

using System.Text;

namespace EndpointPicker.Core.Requests;

/// <summary>
/// Strings of the model names that were seen, found by their UTF-8, so that a known name costs no allocation. Readers take no lock. It is
/// bounded: once full, new names become strings that are not kept, and nobody can push a known one out.
/// </summary>
/// <param name="capacity">How many names are kept, a power of two.</param>
public sealed class ModelNames(int capacity = 4096)
{
    private const int LongestKept = 256;

    private readonly Entry?[] _table = new Entry?[capacity * 2];

    // Protects insertion; entries are immutable and published whole, so look-ups need none.
    private readonly Lock _insertion = new();
    private int _count;

    /// <summary>The string of a name.</summary>
    /// <param name="utf8">The name; bytes that are not UTF-8 become U+FFFD.</param>
    /// <returns>The same object each time, as long as there is room.</returns>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length == 0)
        {
            return "";
        }

        if (utf8.Length > LongestKept)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        int mask = _table.Length - 1;
        int slot = (int)XxHash64.Hash(utf8) & mask;
        while (Volatile.Read(ref _table[slot]) is { } entry)
        {
            if (entry.Utf8.AsSpan().SequenceEqual(utf8))
            {
                return entry.Name;
            }

            slot = (slot + 1) & mask;
        }

        return Insert(utf8, slot);
    }

    private string Insert(ReadOnlySpan<byte> utf8, int slot)
    {
        Entry made = new(utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        lock (_insertion)
        {
            if (_count == capacity)
            {
                return made.Name;
            }

            for (; _table[slot] is { } entry; slot = (slot + 1) & (_table.Length - 1))
            {
                if (entry.Utf8.AsSpan().SequenceEqual(utf8))
                {
                    return entry.Name;
                }
            }

            Volatile.Write(ref _table[slot], made);
            _count++;
            return made.Name;
        }
    }

    private sealed record Entry(byte[] Utf8, string Name);
}

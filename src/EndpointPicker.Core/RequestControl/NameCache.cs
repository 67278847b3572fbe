using System.Text;

namespace EndpointPicker.Core.RequestControl;

/// <summary>
/// Turns names that come as UTF-8 into strings without making the same one twice: a direct-mapped table whose entries are immutable and
/// replaced whole, so that readers need no lock and clients cannot make it grow.
/// </summary>
internal sealed class NameCache
{
    private const int Size = 1024;
    private const int LongestKept = 256;

    private readonly Entry?[] _entries = new Entry?[Size];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return "";
        }

        if (utf8.Length > LongestKept)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        HashCode hash = default;
        hash.AddBytes(utf8);
        ref Entry? place = ref _entries[hash.ToHashCode() & (Size - 1)];
        if (Volatile.Read(ref place) is { } known && utf8.SequenceEqual(known.Utf8))
        {
            return known.Text;
        }

        Entry made = new(utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        Volatile.Write(ref place, made);
        return made.Text;
    }

    private sealed record Entry(byte[] Utf8, string Text);
}

using System.Text;

namespace EndpointPicker.Core.Requests;

/// <summary>
/// The headers of one HTTP message as bytes in one buffer that is kept between messages. Names are compared in lower case; where a name
/// stands more than once the last one is found.
/// </summary>
public sealed class HeaderTable
{
    private byte[] _bytes = new byte[2048];
    private Entry[] _entries = new Entry[32];
    private int _used;

    /// <summary>How many header lines there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds one line; upper-case ASCII letters of the name become lower case.</summary>
    /// <param name="name">The header's name.</param>
    /// <param name="value">Its value, any bytes.</param>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        int needed = _used + name.Length + value.Length;
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        }

        // A name may be any bytes; ToLower stops at the first that is no ASCII.
        name.CopyTo(_bytes.AsSpan(_used));
        Ascii.ToLowerInPlace(_bytes.AsSpan(_used, name.Length), out _);
        value.CopyTo(_bytes.AsSpan(_used + name.Length));
        _entries[Count++] = new Entry(_used, name.Length, value.Length);
        _used = needed;
    }

    /// <summary>The name of a line.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    /// <returns>The name in lower case; valid until the table changes.</returns>
    public ReadOnlySpan<byte> Name(int index) => _bytes.AsSpan(_entries[index].Offset, _entries[index].NameLength);

    /// <summary>The value of a line.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    /// <returns>The value; valid until the table changes.</returns>
    public ReadOnlySpan<byte> Value(int index) =>
        _bytes.AsSpan(_entries[index].Offset + _entries[index].NameLength, _entries[index].ValueLength);

    /// <summary>Finds a header by name.</summary>
    /// <param name="name">The name in lower case.</param>
    /// <param name="value">The last value under that name; empty where there is none.</param>
    /// <returns>Whether the header is there.</returns>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        for (int i = Count - 1; i >= 0; i--)
        {
            if (_entries[i].NameLength == name.Length && Name(i).SequenceEqual(name))
            {
                value = Value(i);
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Forgets all lines and keeps the memory, unless one message made it unusually large.</summary>
    public void Clear()
    {
        Count = 0;
        _used = 0;
        if (_bytes.Length > 64 * 1024)
        {
            _bytes = new byte[2048];
        }

        if (_entries.Length > 1024)
        {
            _entries = new Entry[32];
        }
    }

    private readonly record struct Entry(int Offset, int NameLength, int ValueLength);
}

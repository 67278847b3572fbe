namespace EndpointPicker.Core.Requests;

/// <summary>The endpoints to which the proxy restricts a request; absent is all, present and empty is none.</summary>
public sealed class EndpointSubset
{
    private byte[] _bytes = new byte[256];
    private int[] _ends = new int[8];

    /// <summary>Whether the proxy gave a subset at all.</summary>
    public bool Present { get; private set; }

    /// <summary>How many entries it has.</summary>
    public int Count { get; private set; }

    /// <summary>An entry as it came, usually <c>ip:port</c>.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    /// <returns>The entry's bytes.</returns>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            int start = index == 0 ? 0 : _ends[index - 1];
            return _bytes.AsSpan(start, _ends[index] - start);
        }
    }

    /// <summary>Notes that the proxy gave a subset, without entries so far; an earlier one is forgotten.</summary>
    public void Begin()
    {
        Clear();
        Present = true;
    }

    /// <summary>Adds an entry.</summary>
    /// <param name="entry">The entry as it came.</param>
    public void Add(ReadOnlySpan<byte> entry)
    {
        int used = Count == 0 ? 0 : _ends[Count - 1];
        if (used + entry.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(used + entry.Length, _bytes.Length * 2));
        }

        if (Count == _ends.Length)
        {
            Array.Resize(ref _ends, Count * 2);
        }

        entry.CopyTo(_bytes.AsSpan(used));
        _ends[Count++] = used + entry.Length;
    }

    /// <summary>Forgets the subset.</summary>
    public void Clear()
    {
        Present = false;
        Count = 0;
        if (_bytes.Length > 64 * 1024)
        {
            _bytes = new byte[256];
            _ends = new int[8];
        }
    }
}

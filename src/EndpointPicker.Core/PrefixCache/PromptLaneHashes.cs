using System.Runtime.InteropServices;
using EndpointPicker.Core.Requests;

namespace EndpointPicker.Core.PrefixCache;

/// <summary>
/// The block ids of one lane of a prompt, hashed as its bytes pass; of the bytes only the block under way is kept. Four bytes are one
/// pseudo token.
/// </summary>
internal sealed class PromptLaneHashes
{
    public const int TokenBytes = sizeof(uint);
    private const int KeptIds = 4096;

    private byte[] _block = [];
    private ulong[] _ids = [];
    private int _blockBytes;
    private int _filled;
    private int _maxBlocks;
    private long _bytes;

    public ReadOnlySpan<ulong> Ids => _ids.AsSpan(0, Count);

    public int Count { get; private set; }

    /// <summary>Tokens so far, over all prompts; those beyond the limit count.</summary>
    public long Tokens { get; private set; }

    public bool IsEmpty => Tokens == 0 && _bytes == 0;

    /// <summary>Whether the prompt under way has a block that is not full.</summary>
    public bool HasTail => _filled > 0;

    /// <summary>Whether anything came since the last <see cref="EndPrompt"/>.</summary>
    public bool HasPrompt => _bytes > 0;

    private int First { get; set; }

    public void Reset(int blockTokens, int maxBlocks)
    {
        _blockBytes = blockTokens * TokenBytes;
        if (_block.Length < _blockBytes)
        {
            _block = new byte[_blockBytes];
        }

        if (_ids.Length > KeptIds)
        {
            _ids = [];
        }

        _maxBlocks = maxBlocks;
        _filled = 0;
        _bytes = 0;
        Count = 0;
        First = 0;
        Tokens = 0;
    }

    public void Append(ReadOnlySpan<byte> data)
    {
        _bytes += data.Length;
        if (_filled > 0)
        {
            int taken = Math.Min(_blockBytes - _filled, data.Length);
            data[..taken].CopyTo(_block.AsSpan(_filled));
            _filled += taken;
            if (_filled < _blockBytes)
            {
                return;
            }

            _filled = 0;
            Add(XxHash64.Hash(_block.AsSpan(0, _blockBytes)));
            data = data[taken..];
        }

        while (data.Length >= _blockBytes && Count - First < _maxBlocks)
        {
            Add(XxHash64.Hash(data[.._blockBytes]));
            data = data[_blockBytes..];
        }

        if (Count - First < _maxBlocks)
        {
            data.CopyTo(_block);
            _filled = data.Length;
        }
    }

    public void Append(ReadOnlySpan<uint> tokens)
    {
        Align();
        Append(MemoryMarshal.AsBytes(tokens));
    }

    /// <summary>Adds a token many times over, without the work of so many.</summary>
    public void Append(uint token, int times)
    {
        Align();
        int blockTokens = _blockBytes / TokenBytes;
        int toBoundary = Math.Min(times, (_blockBytes - _filled) % _blockBytes / TokenBytes);
        int blocks = (times - toBoundary) / blockTokens;
        Repeat(token, toBoundary);
        if (blocks > 0 && Count - First < _maxBlocks)
        {
            Span<byte> block = _block.AsSpan(0, _blockBytes);
            MemoryMarshal.Cast<byte, uint>(block).Fill(token);
            ulong id = XxHash64.Hash(block);
            for (int added = Math.Min(blocks, _maxBlocks - (Count - First)); added > 0; added--)
            {
                Add(id);
            }
        }

        _bytes += (long)blocks * _blockBytes;
        Repeat(token, times - toBoundary - (blocks * blockTokens));
    }

    /// <summary>The id of the block that is not full, zeros to the token boundary.</summary>
    public ulong TailId()
    {
        int padded = (_filled + TokenBytes - 1) / TokenBytes * TokenBytes;
        _block.AsSpan(_filled, padded - _filled).Clear();
        return XxHash64.Hash(_block.AsSpan(0, padded));
    }

    /// <summary>Ends the prompt under way: a tail becomes a block.</summary>
    public void EndPrompt()
    {
        if (HasTail)
        {
            Add(TailId());
        }

        EndTokens();
        First = Count;
        _filled = 0;
    }

    /// <summary>Counts the tokens of the prompt under way.</summary>
    public void EndTokens()
    {
        Tokens += (_bytes + TokenBytes - 1) / TokenBytes;
        _bytes = 0;
    }

    private void Align()
    {
        int over = (int)(_bytes % TokenBytes);
        if (over > 0)
        {
            Append("\0\0\0"u8[..(TokenBytes - over)]);
        }
    }

    private void Repeat(uint token, int times)
    {
        for (int i = 0; i < times; i++)
        {
            Append(MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in token)));
        }
    }

    private void Add(ulong id)
    {
        if (Count - First >= _maxBlocks)
        {
            return;
        }

        if (Count == _ids.Length)
        {
            Array.Resize(ref _ids, Math.Max(64, Count * 2));
        }

        _ids[Count++] = id;
    }
}

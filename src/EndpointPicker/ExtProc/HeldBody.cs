using System.Buffers;

namespace EndpointPicker.ExtProc;

/// <summary>A body kept in pooled memory until it is sent on. Blocks stay below the large-object heap's threshold.</summary>
internal sealed class HeldBody
{
    private const int FirstBlock = 4 * 1024;
    private const int LaterBlock = 64 * 1024;
    private const int MostSpareBlocks = 8;

    private readonly Stack<Block> _spare = new();
    private Block? _first;
    private Block? _last;

    public long Length { get; private set; }

    /// <summary>What is held; valid until the next change.</summary>
    public ReadOnlySequence<byte> Bytes =>
        _first is null || _last is null ? default : new ReadOnlySequence<byte>(_first, 0, _last, _last.Memory.Length);

    public void Append(in ReadOnlySequence<byte> body)
    {
        foreach (ReadOnlyMemory<byte> segment in body)
        {
            Append(segment.Span);
        }
    }

    public void Append(ReadOnlySpan<byte> body)
    {
        Length += body.Length;
        while (!body.IsEmpty)
        {
            int taken = _last?.Fill(body) ?? 0;
            if (taken == 0)
            {
                AddBlock(ArrayPool<byte>.Shared.Rent(_first is null && body.Length <= FirstBlock ? FirstBlock : LaterBlock));
            }

            body = body[taken..];
        }
    }

    /// <summary>Replaces a part, without moving the rest.</summary>
    /// <param name="part">The part, in bytes from the start.</param>
    /// <param name="replacement">What stands there instead.</param>
    public void Replace(Range part, ReadOnlySpan<byte> replacement)
    {
        ReadOnlySequence<byte> all = Bytes;
        long start = part.Start.GetOffset(checked((int)Length));
        long end = part.End.GetOffset((int)Length);
        ReadOnlySequence<byte> before = all.Slice(0, start);
        ReadOnlySequence<byte> after = all.Slice(end);
        Block? old = _first;
        _first = null;
        _last = null;
        Length = 0;
        Append(before);
        Append(replacement);
        Append(after);
        Return(old);
    }

    /// <summary>Gives the memory back.</summary>
    public void Release()
    {
        Return(_first);
        _first = null;
        _last = null;
        Length = 0;
    }

    private void Return(Block? block)
    {
        while (block is not null)
        {
            Block? next = block.NextBlock;
            ArrayPool<byte>.Shared.Return(block.Detach());
            if (_spare.Count < MostSpareBlocks)
            {
                _spare.Push(block);
            }

            block = next;
        }
    }

    private void AddBlock(byte[] array)
    {
        if (!_spare.TryPop(out Block? block))
        {
            block = new Block();
        }

        block.Attach(array, _last);
        _first ??= block;
        _last = block;
    }

    private sealed class Block : ReadOnlySequenceSegment<byte>
    {
        private byte[] _array = [];

        public Block? NextBlock => (Block?)Next;

        public void Attach(byte[] array, Block? previous)
        {
            _array = array;
            if (previous is not null)
            {
                previous.Next = this;
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
            }
        }

        public int Fill(ReadOnlySpan<byte> bytes)
        {
            int used = Memory.Length;
            int taken = Math.Min(bytes.Length, _array.Length - used);
            bytes[..taken].CopyTo(_array.AsSpan(used));
            Memory = _array.AsMemory(0, used + taken);
            return taken;
        }

        public byte[] Detach()
        {
            byte[] array = _array;
            _array = [];
            Memory = default;
            Next = null;
            RunningIndex = 0;
            return array;
        }
    }
}

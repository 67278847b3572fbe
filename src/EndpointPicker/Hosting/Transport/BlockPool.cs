using System.Buffers;
using System.Runtime.InteropServices;

namespace EndpointPicker.Hosting.Transport;

/// <summary>Pinned blocks of one size for Kestrel's connections and streams. The one given back last is given out first, while the cache still has it.</summary>
internal sealed class BlockPool : MemoryPool<byte>
{
    /// <summary>
    /// Bytes of a block. Kestrel receives into one block at a time: at its own 4 KB, a body of 400 KB takes a hundred calls of the kernel.
    /// A full HTTP/2 frame (16,393 bytes) fits with what comes before it.
    /// </summary>
    public const int BlockSize = 32 * 1024;

    // Protects the stack of idle blocks.
    private readonly Lock _stack = new();
    private readonly Block?[] _idle;
    private int _count;

    /// <summary>An empty pool.</summary>
    /// <param name="mostIdle">How many unused blocks are kept; what is given back beyond is left to the collector.</param>
    public BlockPool(int mostIdle) => _idle = new Block?[mostIdle];

    /// <inheritdoc/>
    public override int MaxBufferSize => BlockSize;

    /// <summary>A whole block, however little of it is asked for.</summary>
    /// <param name="minBufferSize">At most <see cref="BlockSize"/>; -1 for any.</param>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        lock (_stack)
        {
            if (_count > 0)
            {
                Block block = _idle[--_count]!;
                _idle[_count] = null;
                return block;
            }
        }

        return new Block(this);
    }

    /// <summary>Lets go of the blocks that are not in use.</summary>
    public void ReleaseIdle()
    {
        lock (_stack)
        {
            Array.Clear(_idle);
            _count = 0;
        }
    }

    protected override void Dispose(bool disposing) => ReleaseIdle();

    private void Return(Block block)
    {
        lock (_stack)
        {
            if (_count < _idle.Length)
            {
                _idle[_count++] = block;
            }
        }
    }

    private sealed class Block(BlockPool pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = MemoryMarshal.CreateFromPinnedArray(GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true), 0, BlockSize);

        public void Dispose() => pool.Return(this);
    }
}

using System.Buffers;
using System.Runtime.InteropServices;
using EndpointPicker.Grpc;

namespace EndpointPicker.Hosting.Transport;

/// <summary>Pinned blocks of one size for Kestrel's connections and streams.</summary>
/// <param name="mostIdle">How many unused blocks are kept; what is given back beyond is left to the collector.</param>
internal sealed class BlockPool(int mostIdle) : MemoryPool<byte>
{
    /// <summary>
    /// Bytes of a block. Kestrel receives into one block at a time: at its own 4 KB, a body of 400 KB takes a hundred calls of the kernel.
    /// A full HTTP/2 frame (16,393 bytes) fits with what comes before it.
    /// </summary>
    public const int BlockSize = 32 * 1024;

    private readonly IdleStack<Block> _idle = new(mostIdle);

    /// <inheritdoc/>
    public override int MaxBufferSize => BlockSize;

    /// <summary>A whole block, however little of it is asked for.</summary>
    /// <param name="minBufferSize">At most <see cref="BlockSize"/>; -1 for any.</param>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        return _idle.TryTake(out Block? block) ? block : new Block(this);
    }

    /// <summary>Lets go of the blocks that are not in use.</summary>
    public void ReleaseIdle()
    {
        while (_idle.TryTake(out _))
        {
            // The collector takes it.
        }
    }

    protected override void Dispose(bool disposing) => ReleaseIdle();

    private sealed class Block(BlockPool pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = MemoryMarshal.CreateFromPinnedArray(GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true), 0, BlockSize);

        public void Dispose() => pool._idle.TryKeep(this);
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace ModelServerSimulator.Engine;

/// <summary>Keys of a sequence's full blocks: each covers its own tokens and, through its parent's key, all before them, the adapter and the salt.</summary>
internal sealed class PrefixKeys
{
    private readonly int _blockSize;
    private readonly List<ulong> _keys = [];
    private readonly ulong _root;

    public PrefixKeys(int blockSize, string? adapter, string? salt)
    {
        _blockSize = blockSize;
        _root = Digest(Encoding.UTF8.GetBytes($"{adapter}\n{salt}"));
    }

    /// <summary>The key of full block <paramref name="index"/> of <paramref name="tokens"/>.</summary>
    public ulong At(int index, List<int> tokens)
    {
        int bytes = _blockSize * sizeof(int);
        Span<byte> input = new byte[sizeof(ulong) + bytes];
        while (_keys.Count <= index)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(input, _keys.Count == 0 ? _root : _keys[^1]);
            Span<int> block = CollectionsMarshal.AsSpan(tokens).Slice(_keys.Count * _blockSize, _blockSize);
            MemoryMarshal.AsBytes(block).CopyTo(input[sizeof(ulong)..]);
            _keys.Add(Digest(input));
        }

        return _keys[index];
    }

    private static ulong Digest(ReadOnlySpan<byte> input)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, digest);

        // Zero means "holds nothing" in the block pool.
        return BinaryPrimitives.ReadUInt64LittleEndian(digest) | 1;
    }
}

using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EndpointPicker.Core.Requests;

/// <summary>
/// XXH64 of bytes that come in any split, without allocation. A mutable value: pass it by reference. The algorithm is
/// https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md: four lanes over stripes of 32 bytes, then the rest by 8, 4 and 1.
/// </summary>
public struct XxHash64
{
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;
    private const int StripeLength = 32;

    private readonly ulong _seed;
    private ulong _lane1;
    private ulong _lane2;
    private ulong _lane3;
    private ulong _lane4;
    private ulong _length;
    private Stripe _rest;

    /// <summary>Starts a hash.</summary>
    /// <param name="seed">The seed; 0 in all that the reference hashes.</param>
    public XxHash64(ulong seed = 0)
    {
        _seed = seed;
        _lane1 = seed + Prime1 + Prime2;
        _lane2 = seed + Prime2;
        _lane3 = seed;
        _lane4 = seed - Prime1;
    }

    /// <summary>Starts a hash with seed 0.</summary>
    public XxHash64()
        : this(0)
    {
    }

    /// <summary>Hashes bytes at once.</summary>
    /// <param name="data">All the bytes.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The hash.</returns>
    public static ulong Hash(ReadOnlySpan<byte> data, ulong seed = 0)
    {
        ulong length = (ulong)data.Length;
        ulong hash;
        if (data.Length >= StripeLength)
        {
            ulong lane1 = seed + Prime1 + Prime2;
            ulong lane2 = seed + Prime2;
            ulong lane3 = seed;
            ulong lane4 = seed - Prime1;
            data = Stripes(data, ref lane1, ref lane2, ref lane3, ref lane4);
            hash = Converge(lane1, lane2, lane3, lane4);
        }
        else
        {
            hash = seed + Prime5;
        }

        return Finish(hash + length, data);
    }

    /// <summary>Adds bytes.</summary>
    /// <param name="data">The next bytes.</param>
    public void Append(ReadOnlySpan<byte> data)
    {
        int held = (int)(_length % StripeLength);
        _length += (ulong)data.Length;
        Span<byte> rest = _rest;
        if (held > 0)
        {
            int taken = Math.Min(StripeLength - held, data.Length);
            data[..taken].CopyTo(rest[held..]);
            data = data[taken..];
            if (held + taken < StripeLength)
            {
                return;
            }

            Stripes(rest, ref _lane1, ref _lane2, ref _lane3, ref _lane4);
        }

        data = Stripes(data, ref _lane1, ref _lane2, ref _lane3, ref _lane4);
        data.CopyTo(rest);
    }

    /// <summary>The hash of all bytes added so far; more may follow.</summary>
    /// <returns>The hash.</returns>
    public readonly ulong Digest()
    {
        ulong hash = _length >= StripeLength ? Converge(_lane1, _lane2, _lane3, _lane4) : _seed + Prime5;
        ReadOnlySpan<byte> rest = _rest;
        return Finish(hash + _length, rest[..(int)(_length % StripeLength)]);
    }

    private static ReadOnlySpan<byte> Stripes(ReadOnlySpan<byte> data, scoped ref ulong lane1, scoped ref ulong lane2, scoped ref ulong lane3, scoped ref ulong lane4)
    {
        ulong a = lane1;
        ulong b = lane2;
        ulong c = lane3;
        ulong d = lane4;
        while (data.Length >= StripeLength)
        {
            a = Round(a, Read64(data));
            b = Round(b, Read64(data[8..]));
            c = Round(c, Read64(data[16..]));
            d = Round(d, Read64(data[24..]));
            data = data[StripeLength..];
        }

        lane1 = a;
        lane2 = b;
        lane3 = c;
        lane4 = d;
        return data;
    }

    private static ulong Converge(ulong lane1, ulong lane2, ulong lane3, ulong lane4)
    {
        ulong hash = BitOperations.RotateLeft(lane1, 1) + BitOperations.RotateLeft(lane2, 7)
            + BitOperations.RotateLeft(lane3, 12) + BitOperations.RotateLeft(lane4, 18);
        hash = Merge(hash, lane1);
        hash = Merge(hash, lane2);
        hash = Merge(hash, lane3);
        return Merge(hash, lane4);
    }

    private static ulong Finish(ulong hash, ReadOnlySpan<byte> rest)
    {
        while (rest.Length >= 8)
        {
            hash = (BitOperations.RotateLeft(hash ^ Round(0, Read64(rest)), 27) * Prime1) + Prime4;
            rest = rest[8..];
        }

        if (rest.Length >= 4)
        {
            ulong word = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            hash = (BitOperations.RotateLeft(hash ^ (word * Prime1), 23) * Prime2) + Prime3;
            rest = rest[4..];
        }

        foreach (byte value in rest)
        {
            hash = BitOperations.RotateLeft(hash ^ (value * Prime5), 11) * Prime1;
        }

        hash ^= hash >> 33;
        hash *= Prime2;
        hash ^= hash >> 29;
        hash *= Prime3;
        return hash ^ (hash >> 32);
    }

    private static ulong Round(ulong lane, ulong input) => BitOperations.RotateLeft(lane + (input * Prime2), 31) * Prime1;

    private static ulong Merge(ulong hash, ulong lane) => ((hash ^ Round(0, lane)) * Prime1) + Prime4;

    private static ulong Read64(ReadOnlySpan<byte> data)
    {
        ulong value = MemoryMarshal.Read<ulong>(data);
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }

    [InlineArray(StripeLength)]
    private struct Stripe
    {
        private byte _first;
    }
}

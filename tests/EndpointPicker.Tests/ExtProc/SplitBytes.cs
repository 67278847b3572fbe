using System.Buffers;

namespace EndpointPicker.Tests.ExtProc;

/// <summary>Bytes that lie in several pieces, as a socket delivers them.</summary>
internal static class SplitBytes
{
    public static ReadOnlySequence<byte> Randomly(byte[] bytes, Random random, int mostPieces = 6)
    {
        int[] cuts = [.. Enumerable.Range(0, random.Next(mostPieces)).Select(_ => random.Next(bytes.Length + 1)).Order()];
        return At(bytes, cuts);
    }

    public static ReadOnlySequence<byte> At(byte[] bytes, params int[] cuts)
    {
        Piece first = new(bytes.AsMemory(0, cuts.Length == 0 ? bytes.Length : cuts[0]));
        Piece last = first;
        for (int i = 0; i < cuts.Length; i++)
        {
            int end = i + 1 < cuts.Length ? cuts[i + 1] : bytes.Length;
            last = last.Then(bytes.AsMemory(cuts[i], end - cuts[i]));
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Piece Then(ReadOnlyMemory<byte> memory)
        {
            Piece next = new(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}

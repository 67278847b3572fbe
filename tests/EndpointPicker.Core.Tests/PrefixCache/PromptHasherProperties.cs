using EndpointPicker.Core.Requests;
using FsCheck;
using FsCheck.Fluent;

namespace EndpointPicker.Core.Tests.PrefixCache;

public class PromptHasherProperties
{
    [Fact]
    public void Text_InAnySplit_GivesTheSameChain() =>
        Prop.ForAll<int, int[]>((seed, cuts) =>
        {
            byte[] text = Bytes(seed, 2000);
            ulong[] whole = Chain("m", sink => sink.Text(PromptLane.Messages, text));
            ulong[] split = Chain("m", sink =>
            {
                int at = 0;
                foreach (int cut in cuts)
                {
                    int length = Math.Min((int)((uint)cut % 700), text.Length - at);
                    sink.Text(PromptLane.Messages, text.AsSpan(at, length));
                    at += length;
                }

                sink.Text(PromptLane.Messages, text.AsSpan(at));
            });
            return whole.SequenceEqual(split);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Lanes_InAnyInterleaving_GiveTheSameChain() =>
        Prop.ForAll<int, int[]>((seed, order) =>
        {
            byte[][] lanes = [Bytes(seed, 900), Bytes(seed + 1, 300), Bytes(seed + 2, 1500)];
            ulong[] inOrder = Chain("m", sink =>
            {
                for (int lane = 0; lane < 3; lane++)
                {
                    sink.Text((PromptLane)lane, lanes[lane]);
                }
            });
            ulong[] mixed = Chain("m", sink =>
            {
                int[] at = [0, 0, 0];
                foreach (int step in order)
                {
                    int lane = (int)((uint)step % 3);
                    int length = Math.Min((int)((uint)step % 401), lanes[lane].Length - at[lane]);
                    sink.Text((PromptLane)lane, lanes[lane].AsSpan(at[lane], length));
                    at[lane] += length;
                }

                for (int lane = 2; lane >= 0; lane--)
                {
                    sink.Text((PromptLane)lane, lanes[lane].AsSpan(at[lane]));
                }
            });
            return inOrder.SequenceEqual(mixed);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Prompts_WithASharedPrefix_ShareExactlyTheBlocksWithinIt() =>
        Prop.ForAll<int, int>((seed, differAt) =>
        {
            byte[] first = Bytes(seed, 2000);
            byte[] second = [.. first];
            int at = (int)((uint)differAt % 2000);
            second[at] ^= 1;
            ulong[] one = Chain("m", sink => sink.Text(PromptLane.Messages, first));
            ulong[] other = Chain("m", sink => sink.Text(PromptLane.Messages, second));
            int shared = at / 256;
            return one.Length == 8
                && one.AsSpan(0, shared).SequenceEqual(other.AsSpan(0, shared))
                && !one.Skip(shared).Intersect(other.Skip(shared)).Any();
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Prompts_OfOtherModelOrSalt_ShareNothing() =>
        Prop.ForAll<int, (string, string), (string, string)>((seed, first, second) =>
        {
            byte[] text = Bytes(seed, 600);
            (first, second) = (Cleaned(first), Cleaned(second));
            bool same = first == second;
            return Keyed(first).Intersect(Keyed(second)).Any() == same;

            ulong[] Keyed((string Model, string Salt) key) => Chain(key.Model, sink =>
            {
                sink.Text(PromptLane.Messages, text);
                sink.Salt(System.Text.Encoding.UTF8.GetBytes(key.Salt));
            });
        }).QuickCheckThrowOnFailure();

    private static (string, string) Cleaned((string, string) pair) => (Cleaned(pair.Item1), Cleaned(pair.Item2));

    // Half surrogates are no text, and all become the same replacement character.
    private static string Cleaned(string? text) => string.Concat((text ?? "").Where(c => !char.IsSurrogate(c)));

    private static byte[] Bytes(int seed, int length)
    {
        byte[] bytes = new byte[length];
        new System.Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static ulong[] Chain(string model, Action<PromptSink> prompt) => PromptHasherTests.Hash(model, prompt).Chain(0).ToArray();
}

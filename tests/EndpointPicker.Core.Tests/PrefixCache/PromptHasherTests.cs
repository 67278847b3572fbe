using System.Text;
using EndpointPicker.Core.PrefixCache;
using EndpointPicker.Core.Requests;
using Testing;

namespace EndpointPicker.Core.Tests.PrefixCache;

public class PromptHasherTests
{
    private static readonly uint[] OneTo130 = [.. Enumerable.Range(1, 130).Select(i => (uint)i)];

    [Fact]
    public void Complete_TokenIds_GivesTheReferencesHashes()
    {
        PromptBlocks blocks = Hash("m", sink => sink.Tokens(PromptLane.Messages, OneTo130));

        Assert.Equal([0xe5a7cf657f82cb5b, 0x0eb77b4d2a83db16, 0x5f87fbd0868f153e], blocks.Chain(0).ToArray());
        Assert.Equal(130, blocks.Tokens);
        Assert.Equal(64, blocks.BlockTokens);
    }

    [Fact]
    public void Complete_ChatText_GivesTheReferencesHash()
    {
        PromptBlocks blocks = Hash("m", sink =>
        {
            sink.Text(PromptLane.Messages, "userHel"u8);
            sink.Text(PromptLane.Messages, "lo, world"u8);
        });

        Assert.Equal([0x7128d5ec079e3752], blocks.Chain(0).ToArray());
        Assert.Equal(4, blocks.Tokens);
    }

    [Fact]
    public void Complete_TextOfTheSameBytesAsTokens_GivesTheSameHashes()
    {
        byte[] bytes = [.. OneTo130.SelectMany(BitConverter.GetBytes)];

        PromptBlocks blocks = Hash("m", sink => sink.Text(PromptLane.Messages, bytes));

        Assert.Equal([0xe5a7cf657f82cb5b, 0x0eb77b4d2a83db16, 0x5f87fbd0868f153e], blocks.Chain(0).ToArray());
    }

    [Fact]
    public void Complete_Nothing_GivesNoChain()
    {
        PromptBlocks blocks = Hash("m", _ => { });

        Assert.Equal(0, blocks.Chains);
        Assert.Equal(0, blocks.Tokens);
    }

    [Fact]
    public void Complete_SaltAgainstLongerModelName_SharesNothing()
    {
        PromptBlocks salted = Hash("m", sink =>
        {
            sink.Tokens(PromptLane.Messages, OneTo130);
            sink.Salt("s"u8);
        });
        PromptBlocks named = Hash("ms", sink => sink.Tokens(PromptLane.Messages, OneTo130));

        Assert.Empty(salted.Chain(0).ToArray().Intersect(named.Chain(0).ToArray()));
    }

    [Fact]
    public void Complete_SaltBeforeOrAfterThePrompt_GivesTheSameHashes()
    {
        PromptBlocks before = Hash("m", sink =>
        {
            sink.Salt("tenant"u8);
            sink.Tokens(PromptLane.Messages, OneTo130);
        });
        PromptBlocks after = Hash("m", sink =>
        {
            sink.Tokens(PromptLane.Messages, OneTo130);
            sink.Salt("tenant"u8);
        });

        Assert.Equal(before.Chain(0).ToArray(), after.Chain(0).ToArray());
    }

    [Fact]
    public void Media_OfManyTokens_EqualsAsManyTokens()
    {
        const ulong Content = 0xDEADBEEF_01020304;
        uint[] copies = [.. Enumerable.Repeat(0x01020304u, 1000)];
        PromptBlocks media = Hash("m", sink =>
        {
            sink.Text(PromptLane.Messages, "five!"u8);
            sink.Media(PromptLane.Messages, Content, 1000);
            sink.Text(PromptLane.Messages, "and more"u8);
        });
        PromptBlocks tokens = Hash("m", sink =>
        {
            sink.Text(PromptLane.Messages, "five!\0\0\0"u8);
            sink.Tokens(PromptLane.Messages, copies);
            sink.Text(PromptLane.Messages, "and more"u8);
        });

        Assert.Equal(tokens.Chain(0).ToArray(), media.Chain(0).ToArray());
        Assert.Equal(2 + 1000 + 2, media.Tokens);
    }

    [Fact]
    public void Media_OfHugeSize_CountsAllAndStopsAtTheLimit()
    {
        PromptBlocks blocks = Hash("m", sink => sink.Media(PromptLane.Messages, 1, int.MaxValue));

        Assert.Equal(2048, blocks.Count);
        Assert.Equal(int.MaxValue, blocks.Tokens);
    }

    [Fact]
    public void NextPrompt_BetweenPrompts_StartsEachFromTheRoot()
    {
        PromptBlocks both = Hash("m", sink =>
        {
            sink.Tokens(PromptLane.Messages, OneTo130);
            sink.NextPrompt();
            sink.Text(PromptLane.Messages, "userHello, world"u8);
            sink.NextPrompt();
        });

        Assert.Equal(2, both.Chains);
        Assert.Equal([0xe5a7cf657f82cb5b, 0x0eb77b4d2a83db16, 0x5f87fbd0868f153e], both.Chain(0).ToArray());
        Assert.Equal([0x7128d5ec079e3752], both.Chain(1).ToArray());
        Assert.Equal(134, both.Tokens);
    }

    [Fact]
    public void Complete_BeyondTheTokenLimit_StopsHashingAndCountsOn()
    {
        PromptBlocks blocks = Hash(
            "m", sink => sink.Tokens(PromptLane.Messages, OneTo130), new PromptHasherOptions { MaxPrefixTokens = 129 });

        Assert.Equal([0xe5a7cf657f82cb5b, 0x0eb77b4d2a83db16], blocks.Chain(0).ToArray());
        Assert.Equal(130, blocks.Tokens);
    }

    [Theory]
    [InlineData(63, 5, 0)]
    [InlineData(0, 2, 2)]
    [InlineData(0, 0, 3)]
    public void Complete_Limits_TokensGoBeforeBlocks(int maxTokens, int maxBlocks, int expected)
    {
        PromptHasherOptions options = new() { MaxPrefixTokens = maxTokens, MaxPrefixBlocks = maxBlocks };

        PromptBlocks blocks = Hash("m", sink => sink.Tokens(PromptLane.Messages, OneTo130), options);

        Assert.Equal(expected, blocks.Count);
    }

    [Fact]
    public void Complete_SeveralLanes_PutsToolsAndSystemBeforeMessages()
    {
        byte[] tools = Encoding.UTF8.GetBytes(new string('t', 300));
        PromptBlocks first = Hash("m", sink =>
        {
            sink.Text(PromptLane.Messages, new byte[600]);
            sink.Text(PromptLane.Tools, tools);
            sink.Text(PromptLane.System, "be kind"u8);
        });
        PromptBlocks second = Hash("m", sink =>
        {
            sink.Text(PromptLane.System, "be kind"u8);
            sink.Text(PromptLane.Tools, tools);
            sink.Text(PromptLane.Messages, new byte[600]);
        });
        PromptBlocks otherSystem = Hash("m", sink =>
        {
            sink.Text(PromptLane.Tools, tools);
            sink.Text(PromptLane.System, "be rude"u8);
            sink.Text(PromptLane.Messages, new byte[600]);
        });

        Assert.Equal(first.Chain(0).ToArray(), second.Chain(0).ToArray());
        Assert.Equal(1 + 3, first.Count);
        Assert.Equal(75 + 2 + 150, first.Tokens);
        Assert.Equal(first.Chain(0)[0], otherSystem.Chain(0)[0]);
        Assert.Empty(first.Chain(0)[1..].ToArray().Intersect(otherSystem.Chain(0)[1..].ToArray()));
    }

    [Fact]
    public void Complete_ToolsAlone_HashesTheirTailAsABlock()
    {
        PromptBlocks blocks = Hash("m", sink => sink.Text(PromptLane.Tools, new byte[300]));

        Assert.Equal(2, blocks.Count);
    }

    [Fact]
    public void Reset_LargerBlocks_HashesInThem()
    {
        PromptHasher sut = new(new PromptHasherOptions());
        sut.Reset(128);
        sut.Tokens(PromptLane.Messages, OneTo130);
        PromptBlocks blocks = new();
        sut.Complete("m", blocks);

        Assert.Equal(128, blocks.BlockTokens);
        Assert.Equal(2, blocks.Count);
    }

    [Fact]
    public void Complete_Warm_AllocatesNothing()
    {
        PromptHasher sut = new(new PromptHasherOptions());
        PromptBlocks blocks = new();
        byte[] text = new byte[400 * 1024];
        Run();
        Run();

        Assert.Equal(0, Allocations.Least(Run));

        void Run()
        {
            sut.Reset(16);
            blocks.Clear();
            for (int at = 0; at < text.Length; at += 1000)
            {
                sut.Text(PromptLane.Messages, text.AsSpan(at, Math.Min(1000, text.Length - at)));
            }

            sut.Salt("tenant"u8);
            sut.Complete("meta-llama/Llama-3.1-8B-Instruct", blocks);
        }
    }

    internal static PromptBlocks Hash(string model, Action<PromptSink> prompt, PromptHasherOptions? options = null)
    {
        PromptHasher sut = new(options ?? new PromptHasherOptions());
        prompt(sut);
        PromptBlocks blocks = new();
        sut.Complete(model, blocks);
        return blocks;
    }
}

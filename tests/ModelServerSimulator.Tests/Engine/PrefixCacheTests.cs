using ModelServerSimulator.Engine;

namespace ModelServerSimulator.Tests.Engine;

public sealed class PrefixCacheTests
{
    [Fact]
    public void Step_PromptSeenBefore_OnlyTheTailIsPrefilled()
    {
        var rig = new EngineRig(EngineRig.Options);
        rig.Submit(promptLength: 402, maxTokens: 1);
        rig.StepUntilIdle();

        TestSequence again = rig.Submit(promptLength: 402, maxTokens: 1);

        Assert.Equal(TimeSpan.FromMilliseconds(10 + 2), rig.Step());
        Assert.Equal(400, again.Sequence.CachedTokens);
        Assert.Equal(804, rig.Metric("prefix_cache_queries_total"));
        Assert.Equal(400, rig.Metric("prefix_cache_hits_total"));
        Assert.Equal(404, rig.Metric("prompt_tokens_by_source_total", "local_compute"));
    }

    [Fact]
    public void Step_WholeBlocksAllCached_OneBlockIsComputedAgain()
    {
        var rig = new EngineRig(EngineRig.Options);
        rig.Submit(promptLength: 400, maxTokens: 1);
        rig.StepUntilIdle();

        TestSequence again = rig.Submit(promptLength: 400, maxTokens: 1);

        Assert.Equal(TimeSpan.FromMilliseconds(10 + 4), rig.Step());
        Assert.Equal(396, again.Sequence.CachedTokens);
    }

    [Fact]
    public void Step_NextTurnHoldsTheAnswer_GeneratedBlocksHitToo()
    {
        var rig = new EngineRig(EngineRig.Options);
        TestSequence first = rig.Submit(promptLength: 10, maxTokens: 11);
        rig.StepUntilIdle();
        var turn = new List<int>(EngineRig.Prompt(10));
        Tokenizer.Encode(string.Concat(first.Tokens.Select(token => token.Text)), turn);
        Assert.Equal(21, turn.Count);

        TestSequence second = rig.Submit(new SequenceRequest([.. turn, 1, 2, 3], MaxTokens: 1));
        rig.StepUntilIdle();

        // The last generated token was never computed, so 20 of the 21 tokens can be cached.
        Assert.Equal(20, second.Sequence.CachedTokens);
    }

    [Theory]
    [InlineData("lora-a", null, 0)]
    [InlineData(null, "tenant", 0)]
    [InlineData(null, null, 40)]
    public void Step_OtherAdapterOrSalt_DoesNotShare(string? adapter, string? salt, int expected)
    {
        var rig = new EngineRig(EngineRig.Options);
        rig.Submit(promptLength: 42);
        rig.StepUntilIdle();

        TestSequence other = rig.Submit(promptLength: 42, adapter: adapter, salt: salt);
        rig.StepUntilIdle();

        Assert.Equal(expected, other.Sequence.CachedTokens);
    }

    [Fact]
    public void Step_CacheTooSmall_TheLongestUnusedPrefixIsForgottenFromItsEnd()
    {
        // 20 usable blocks of 4 tokens; each prompt fills 10.
        var rig = new EngineRig(EngineRig.Options with { NumGpuBlocks = 21, MaxModelLength = 80 });
        foreach (int variant in (int[])[1, 2, 1, 3])
        {
            rig.Submit(promptLength: 39, maxTokens: 1, variant: variant);
            rig.StepUntilIdle();
        }

        Assert.Equal(36, Cached(rig, variant: 1));
        Assert.InRange(Cached(rig, variant: 2), 0, 0);
    }

    [Fact]
    public void Step_CachingOff_NeverHits()
    {
        var rig = new EngineRig(EngineRig.Options with { PrefixCaching = false });
        rig.Submit(promptLength: 42);
        rig.StepUntilIdle();
        rig.Submit(promptLength: 42);
        rig.StepUntilIdle();

        Assert.Equal(0, rig.Metric("prefix_cache_hits_total"));
    }

    private static int Cached(EngineRig rig, int variant)
    {
        TestSequence sequence = rig.Submit(promptLength: 39, maxTokens: 1, variant: variant);
        rig.StepUntilIdle();
        return sequence.Sequence.CachedTokens;
    }
}

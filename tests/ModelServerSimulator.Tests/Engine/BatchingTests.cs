using ModelServerSimulator.Engine;

namespace ModelServerSimulator.Tests.Engine;

public sealed class BatchingTests
{
    [Fact]
    public void Step_MoreSequencesThanSlots_TheRestWaitsInOrder()
    {
        var rig = new EngineRig(EngineRig.Options);
        TestSequence[] sequences = [.. Enumerable.Range(0, 7).Select(i => rig.Submit(variant: i))];

        rig.Step();

        Assert.Equal(4, rig.Metric("num_requests_running"));
        Assert.Equal(3, rig.Metric("num_requests_waiting"));
        Assert.Equal(3, rig.Metric("num_requests_waiting_by_reason", "reason=\"capacity\""));
        Assert.Equal([1, 1, 1, 1, 0, 0, 0], sequences.Select(sequence => sequence.Tokens.Count));

        rig.StepUntilIdle();
        Assert.All(sequences, sequence => Assert.Equal(4, sequence.Tokens.Count));
        Assert.Equal(0, rig.Metric("num_requests_running"));
        Assert.Equal(0, rig.Metric("kv_cache_usage_perc"));
        Assert.Equal(7, rig.Metric("request_success_total", "finished_reason=\"length\""));
    }

    [Fact]
    public void Step_PrefillAndDecodes_TakesTheSumOfItsParts()
    {
        var rig = new EngineRig(EngineRig.Options);
        rig.Submit(promptLength: 20);
        rig.Submit(promptLength: 30, variant: 1);

        Assert.Equal(TimeSpan.FromMilliseconds(10 + 50), rig.Step());
        Assert.Equal(TimeSpan.FromMilliseconds(10 + 4), rig.Step());

        rig.Submit(promptLength: 7, variant: 2);
        Assert.Equal(TimeSpan.FromMilliseconds(10 + 4 + 7), rig.Step());
    }

    [Fact]
    public void Step_PromptBeyondTheTokenBudget_IsPrefilledInPieces()
    {
        var rig = new EngineRig(EngineRig.Options with { MaxBatchedTokens = 100 });
        TestSequence sequence = rig.Submit(promptLength: 250, maxTokens: 1);

        Assert.Equal(TimeSpan.FromMilliseconds(110), rig.Step());
        Assert.Equal(TimeSpan.FromMilliseconds(110), rig.Step());
        Assert.Empty(sequence.Tokens);
        Assert.Equal(TimeSpan.FromMilliseconds(60), rig.Step());
        Assert.Equal(FinishReason.Length, sequence.Finish);
        Assert.Equal(0.28, rig.Metric("time_to_first_token_seconds_sum"), 6);
        Assert.Equal(0.28, rig.Metric("e2e_request_latency_seconds_sum"), 6);
    }

    [Fact]
    public void Step_SequencesThatDecode_AddTheTimeOfReadingWhatTheyHold()
    {
        var rig = new EngineRig(EngineRig.Options with { DecodeTimePerThousandContextTokens = TimeSpan.FromMilliseconds(100) });
        rig.Submit(promptLength: 19);
        rig.Submit(promptLength: 29, variant: 1);
        rig.Step();

        // 20 and 30 tokens with the new ones, so 50 thousandths of 100 ms.
        Assert.Equal(TimeSpan.FromMilliseconds(10 + 4 + 5), rig.Step());
    }

    [Fact]
    public void Step_FirstPieceOfAPromptFitsButTheWholeDoesNot_ThePromptWaits()
    {
        // 20 usable blocks of 4 tokens; the first sequence holds 11 of them, and 10 tokens of the second would fit.
        var rig = new EngineRig(EngineRig.Options with { NumGpuBlocks = 21, MaxModelLength = 80, MaxBatchedTokens = 10, PrefixCaching = false });
        rig.Submit(promptLength: 40, maxTokens: 4);
        for (int step = 0; step < 4; step++)
        {
            rig.Step();
        }

        TestSequence second = rig.Submit(promptLength: 41, maxTokens: 1, variant: 1);
        rig.Step();

        Assert.Equal(1, rig.Metric("num_requests_waiting"));
        Assert.Equal(11 / 20.0, rig.Metric("kv_cache_usage_perc"), 6);
        rig.StepUntilIdle();
        Assert.Single(second.Tokens);
    }

    [Fact]
    public void Step_OutOfBlocks_TheLatestSequenceGoesBackAndStillFinishes()
    {
        var rig = new EngineRig(EngineRig.Options with { NumGpuBlocks = 11, MaxModelLength = 40 });
        TestSequence first = rig.Submit(promptLength: 12, maxTokens: 20);
        TestSequence second = rig.Submit(promptLength: 12, maxTokens: 20, variant: 1);

        rig.StepUntilIdle();

        Assert.True(rig.Metric("num_preemptions_total") >= 1);
        Assert.Equal(20, first.Tokens.Count);
        Assert.Equal(20, second.Tokens.Count);
        Assert.Equal(0, rig.Metric("kv_cache_usage_perc"));
        Assert.Equal(40, rig.Metric("generation_tokens_total"));
        Assert.Equal(24, rig.Metric("prompt_tokens_total"));
    }

    [Fact]
    public void Step_ManyRandomSequences_NoTokenLostAndNoBlockLeaked()
    {
        var random = new Random(7);
        var rig = new EngineRig(EngineRig.Options with { NumGpuBlocks = 40, MaxModelLength = 150, MaxBatchedTokens = 64 });
        var sequences = new List<(TestSequence Sequence, int MaxTokens, bool Aborted)>();
        for (int i = 0; i < 400; i++)
        {
            int maxTokens = random.Next(1, 60);
            string? adapter = random.Next(4) is var choice && choice < 3 ? $"lora-{choice}" : null;
            TestSequence sequence = rig.Submit(random.Next(1, 80), maxTokens, adapter, variant: random.Next(5));
            bool aborts = random.Next(10) == 0;
            for (int steps = random.Next(6); steps > 0; steps--)
            {
                rig.Step();
            }

            aborts &= sequence.Finish == FinishReason.None;
            if (aborts)
            {
                rig.Engine.Abort(sequence.Sequence);
            }

            sequences.Add((sequence, maxTokens, aborts));
        }

        rig.StepUntilIdle();

        Assert.All(sequences, item => Assert.True(item.Aborted || item.Sequence.Tokens.Count == item.MaxTokens));
        Assert.Equal(sequences.Count(item => !item.Aborted), rig.Metric("request_success_total", "finished_reason=\"length\""));
        Assert.Equal(0, rig.Metric("kv_cache_usage_perc"));
        Assert.Equal(0, rig.Metric("num_requests_waiting"));
        Assert.True(rig.Metric("num_preemptions_total") > 0);
    }

    [Fact]
    public void Abort_RunningAndWaiting_FreesBothAndCountsNeither()
    {
        var rig = new EngineRig(EngineRig.Options with { MaxNumSeqs = 1 });
        TestSequence running = rig.Submit();
        TestSequence waiting = rig.Submit(variant: 1);
        rig.Step();

        rig.Engine.Abort(running.Sequence);
        rig.Engine.Abort(waiting.Sequence);

        Assert.Null(rig.Step());
        Assert.Equal(0, rig.Metric("num_requests_running"));
        Assert.Equal(0, rig.Metric("num_requests_waiting"));
        Assert.Equal(0, rig.Metric("kv_cache_usage_perc"));
        Assert.Equal(0, rig.Metric("request_success_total", "abort"));
    }

    [Fact]
    public void StopAfter_BeforeMaxTokens_FinishesWithStop()
    {
        var rig = new EngineRig(EngineRig.Options);
        TestSequence sequence = rig.Submit(new SequenceRequest(EngineRig.Prompt(5), MaxTokens: 100, StopAfter: 3));

        rig.StepUntilIdle();

        Assert.Equal(3, sequence.Tokens.Count);
        Assert.Equal(FinishReason.Stop, sequence.Finish);
        Assert.Equal(1, rig.Metric("request_success_total", "finished_reason=\"stop\""));
    }
}

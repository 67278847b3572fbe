namespace ModelServerSimulator.Tests.Engine;

public sealed class LoraTests
{
    [Fact]
    public void Step_ThirdAdapterOfTwoSlots_WaitsAsDeferredWhileLaterOnesRun()
    {
        var rig = new EngineRig(EngineRig.Options);
        rig.Submit(adapter: "lora-a", maxTokens: 9);
        rig.Submit(adapter: "lora-b", maxTokens: 9, variant: 1);
        TestSequence third = rig.Submit(adapter: "lora-c", variant: 2);
        TestSequence plain = rig.Submit(variant: 3);

        rig.Step();

        Assert.Empty(third.Tokens);
        Assert.Single(plain.Tokens);
        Assert.Equal(3, rig.Metric("num_requests_running"));
        Assert.Equal(1, rig.Metric("num_requests_waiting_by_reason", "reason=\"deferred\""));
        Assert.Equal(0, rig.Metric("num_requests_waiting_by_reason", "reason=\"capacity\""));

        // A waiting adapter that never ran is in neither label.
        Assert.Equal("lora-a,lora-b", CurrentAdapters(rig));

        rig.StepUntilIdle();
        Assert.Equal(4, third.Tokens.Count);
    }

    [Fact]
    public void Step_AdapterNotInASlot_PaysForLoadingOnce()
    {
        var rig = new EngineRig(EngineRig.Options);
        rig.Submit(adapter: "lora-a", promptLength: 8, maxTokens: 1);
        Assert.Equal(TimeSpan.FromMilliseconds(10 + 8 + 500), rig.Step());

        rig.Submit(adapter: "lora-a", promptLength: 8, maxTokens: 1, variant: 1);
        Assert.Equal(TimeSpan.FromMilliseconds(10 + 8), rig.Step());
    }

    [Fact]
    public void Step_SlotNeeded_TheLongestUnusedAdapterLeaves()
    {
        var rig = new EngineRig(EngineRig.Options);
        foreach (string adapter in (string[])["lora-a", "lora-b", "lora-a", "lora-c"])
        {
            rig.Submit(adapter: adapter, maxTokens: 1);
            rig.StepUntilIdle();
        }

        rig.Submit(adapter: "lora-a", promptLength: 8, maxTokens: 1, variant: 9);
        Assert.Equal(TimeSpan.FromMilliseconds(10 + 8), rig.Step());
        rig.Submit(adapter: "lora-b", promptLength: 8, maxTokens: 1, variant: 9);
        Assert.Equal(TimeSpan.FromMilliseconds(10 + 8 + 500), rig.Step());
    }

    [Fact]
    public void Page_AfterSeveralAdapters_KeepsEveryPairAndTheLatestIsTheCurrent()
    {
        var rig = new EngineRig(EngineRig.Options);
        Assert.DoesNotContain("vllm:lora_requests_info{", rig.Page(), StringComparison.Ordinal);

        rig.Submit(adapter: "lora-b", maxTokens: 2);
        rig.Step();
        rig.Submit(adapter: "lora-a", maxTokens: 2, variant: 1);
        rig.Step();
        Assert.Equal("lora-a", CurrentAdapters(rig));

        rig.StepUntilIdle();
        Assert.Equal("", CurrentAdapters(rig));
        Assert.Equal(["", "lora-a", "lora-b"], Samples(rig).Select(sample => sample.Adapters).Order(StringComparer.Ordinal));
    }

    private static string CurrentAdapters(EngineRig rig) => Samples(rig).MaxBy(sample => sample.SeenAt).Adapters;

    private static List<(string Adapters, double SeenAt)> Samples(EngineRig rig) =>
    [
        .. rig.Page().Split('\n').Where(line => line.StartsWith("vllm:lora_requests_info{", StringComparison.Ordinal)).Select(line =>
        {
            string[] quoted = line.Split('"');
            Assert.Equal(quoted[3], quoted[5]);
            return (quoted[3], double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
        }),
    ];
}

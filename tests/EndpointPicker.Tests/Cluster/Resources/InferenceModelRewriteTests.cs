using EndpointPicker.Cluster.Resources;

namespace EndpointPicker.Tests.Cluster.Resources;

public sealed class InferenceModelRewriteTests
{
    [Fact]
    public void Read_Rewrite_TakesRulesInOrder()
    {
        InferenceModelRewrite read = Assert.IsType<InferenceModelRewrite>(Json.Read<InferenceModelRewrite>(InferenceModelRewrite.TryRead, """
            {"metadata":{"name":"canary"},"spec":{"poolRef":{"name":"p"},"rules":[
              {"matches":[{"model":{"type":"Exact","value":"a"}},{"model":{"value":"b"}}],"targets":[{"modelRewrite":"a-2","weight":10},{"modelRewrite":"a-1","weight":90}]},
              {"targets":[{"modelRewrite":"c"}]}]}}
            """));
        Assert.Equal(new PoolReference(ApiGroups.Inference, "p"), read.Pool);
        Assert.Equal(["a", "b"], read.Rules[0].Models!);
        Assert.Equal([new WeightedModel("a-2", 10), new WeightedModel("a-1", 90)], read.Rules[0].Targets);
        Assert.Null(read.Rules[1].Models);
        Assert.Equal([new WeightedModel("c", null)], read.Rules[1].Targets);
    }

    [Theory]
    [InlineData("""{"matches":[]}""", null)]
    [InlineData("{}", null)]
    [InlineData("""{"matches":[{}]}""", 0)]
    [InlineData("""{"matches":[{"model":null}]}""", 0)]
    [InlineData("""{"matches":[{"model":{"value":""}}]}""", 0)]
    [InlineData("""{"matches":[{"model":{"type":"Regex","value":"a.*"}}]}""", 0)]
    [InlineData("""{"matches":[{},{"model":{"value":"a"}}]}""", 1)]
    public void Models_OfMatches_AreNullForEveryModelAndEmptyForNone(string rule, int? models)
    {
        InferenceModelRewrite read = Assert.IsType<InferenceModelRewrite>(Json.Read<InferenceModelRewrite>(
            InferenceModelRewrite.TryRead, $$$"""{"metadata":{"name":"r"},"spec":{"rules":[{{{rule}}}]}}"""));
        Assert.Equal(models, Assert.Single(read.Rules).Models?.Count);
    }
}

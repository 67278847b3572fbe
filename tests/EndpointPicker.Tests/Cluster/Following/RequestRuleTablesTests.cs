using EndpointPicker.Cluster.Following;
using EndpointPicker.Cluster.Resources;
using EndpointPicker.Core.RequestControl;

namespace EndpointPicker.Tests.Cluster.Following;

public sealed class RequestRuleTablesTests
{
    [Fact]
    public void Rewrites_Order_IsExactThenAgeThenName()
    {
        List<ModelRewrite> rewrites = RequestRuleTables.Rewrites(
            [
                Objects.Rewrite("generic-old", null, "g1", age: 9),
                Objects.Rewrite("young", "a", "a1", age: 1),
                Objects.Rewrite("z-old", "a", "a2", age: 5),
                Objects.Rewrite("a-old", "a", "a3", age: 5),
                Objects.Rewrite("other", "a", "a4", age: 50, pool: "elsewhere"),
            ],
            [],
            Means);
        Assert.Equal(["a-old", "z-old", "young", "generic-old"], rewrites.Select(rewrite => rewrite.Name));
    }

    [Fact]
    public void Rewrites_RuleThatMatchesNothing_IsLeftOut()
    {
        InferenceModelRewrite rewrite = Objects.Rewrite("r", null, "x") with { Rules = [new ModelRewriteRule([], [new WeightedModel("x", null)]), new ModelRewriteRule(["a"], [])] };
        ModelRewrite rule = Assert.Single(RequestRuleTables.Rewrites([rewrite], [], Means));
        Assert.Equal(["a"], rule.Models);
        Assert.Empty(rule.Targets);
    }

    [Fact]
    public void Rewrites_ModelsTargets_FollowThoseOfRewrites()
    {
        List<InferenceModel> models =
        [
            Objects.Model("food", "food", targets: [new WeightedModel("food-1", 10), new WeightedModel("food-2", 0), new WeightedModel("food-3", 30)]),
            Objects.Model("base", "base"),
            Objects.Model("off", "off", targets: [new WeightedModel("off-1", 0)]),
        ];
        List<ModelRewrite> rewrites = RequestRuleTables.Rewrites([Objects.Rewrite("new", "food", "food-9", age: -1), Objects.Rewrite("rest", null, "small")], models, Means);
        Assert.Equal(["new", "food", "off", "rest"], rewrites.Select(rewrite => rewrite.Name));
        Assert.Equal([new ModelRewriteTarget("food-1", 10), new ModelRewriteTarget("food-3", 30)], rewrites[1].Targets);
        Assert.Empty(rewrites[2].Targets);
    }

    [Fact]
    public void Models_TwoOfOneModel_TheOldestHolds()
    {
        List<InferenceModel> models = RequestRuleTables.Models(
            [Objects.Model("young", "m", "Critical"), Objects.Model("old", "m", "Sheddable", age: 2), Objects.Model("other", "n"), Objects.Model("third", "o", "Critical")], Means);
        Assert.Equal(["old", "other", "third"], models.Select(model => model.Metadata.Name));
        Assert.Equal(new Dictionary<string, int> { ["m"] = -1, ["n"] = 0, ["o"] = 1 }, RequestRuleTables.ModelPriorities(models));
    }

    private static bool Means(PoolReference pool) => pool.Name == "pool";
}

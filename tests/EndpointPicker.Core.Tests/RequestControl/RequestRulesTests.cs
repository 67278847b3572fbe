using System.Text;
using EndpointPicker.Core.RequestControl;

namespace EndpointPicker.Core.Tests.RequestControl;

public sealed class RequestRulesTests
{
    private readonly RequestRules _rules = new();

    [Fact]
    public void Current_NothingGivenOrAllTakenAway_IsNull()
    {
        Assert.Null(_rules.Current);
        _rules.ReplaceObjectives(new Dictionary<string, int> { ["batch"] = -1 });
        _rules.ReplaceModelPriorities(new Dictionary<string, int> { ["m"] = 1 });
        _rules.ReplaceRewrites([new ModelRewrite("r", [], [new("t", null)])]);
        Assert.NotNull(_rules.Current);

        _rules.ReplaceObjectives(new Dictionary<string, int>());
        _rules.ReplaceModelPriorities(new Dictionary<string, int>());
        Assert.True(_rules.Current.HasRewrites);
        _rules.ReplaceRewrites([]);
        Assert.Null(_rules.Current);
    }

    [Fact]
    public void TryGetPriority_Names_AreComparedExactly()
    {
        string longest = new('a', 253);
        _rules.ReplaceObjectives(new Dictionary<string, int> { ["batch"] = -1, [longest] = 7 });
        RuleSet rules = _rules.Current!;

        Assert.True(rules.TryGetPriority("batch"u8, out int batch));
        Assert.Equal(-1, batch);
        Assert.True(rules.TryGetPriority(Encoding.UTF8.GetBytes(longest), out int seven));
        Assert.Equal(7, seven);
        Assert.False(rules.TryGetPriority("Batch"u8, out _));
        Assert.False(rules.TryGetPriority("batc"u8, out _));
        Assert.False(rules.TryGetPriority([0xFF, 0xC0, 0x80], out _));
        Assert.False(rules.TryGetPriority(new byte[100_000], out int none));
        Assert.Equal(0, none);
    }

    [Fact]
    public void TryGetPriority_NoObjectives_IsUnknown()
    {
        _rules.ReplaceModelPriorities(new Dictionary<string, int> { ["m"] = 1 });
        Assert.False(_rules.Current!.TryGetPriority("m"u8, out _));
    }

    [Fact]
    public void Replace_KindsAtTheSameTime_LoseNoneOfThem()
    {
        Parallel.For(0, 3000, i =>
        {
            string last = $"{i}";
            switch (i % 3)
            {
                case 0:
                    _rules.ReplaceObjectives(new Dictionary<string, int> { ["o"] = i, [last] = i });
                    break;
                case 1:
                    _rules.ReplaceModelPriorities(new Dictionary<string, int> { ["m"] = i, [last] = i });
                    break;
                default:
                    _rules.ReplaceRewrites([new ModelRewrite("r", ["m"], [new(last, null)])]);
                    break;
            }

            RuleSet rules = _rules.Current!;
            Assert.True(rules.Objectives.Count is 0 or 2);
            Assert.True(rules.ModelPriorities.Count is 0 or 2);
        });

        Assert.Equal((2, 2, "r"), (_rules.Current!.Objectives.Count, _rules.Current.ModelPriorities.Count, _rules.Current.RewriteOf("m")?.Name));
    }

    [Fact]
    public void RewriteOf_SeveralRules_ExactBeatsGenericAndTheFirstOfEquals()
    {
        _rules.ReplaceRewrites(
        [
            new ModelRewrite("all", [], [new("any", 1)]),
            new ModelRewrite("first", ["a", "b"], [new("x", 1)]),
            new ModelRewrite("second", ["b", "c"], [new("y", 1)]),
            new ModelRewrite("all-later", [], [new("never", 1)]),
        ]);
        RuleSet rules = _rules.Current!;

        string[] models = ["a", "b", "c", "d", "A", ""];
        Assert.Equal(["first", "first", "second", "all", "all", "all"], models.Select(model => rules.RewriteOf(model)?.Name));
        _rules.ReplaceRewrites([new ModelRewrite("first", ["a"], [new("x", 1)])]);
        Assert.Null(_rules.Current!.RewriteOf("d"));
    }

    [Fact]
    public void ReplaceRewrites_SomeWeightsMissing_WarnsOnceForEach()
    {
        LogRecorder<RequestRules> log = new();
        RequestRules rules = new(log);
        ModelRewrite mixed = new("canary", ["m"], [new("a", 1), new("b", null), new("c", null)]);
        ModelRewrite none = new("even", [], [new("a", null), new("b", null)]);
        rules.ReplaceRewrites([none, mixed]);
        rules.ReplaceRewrites([mixed, none]);
        Assert.Equal(
            ["Warning: Model rewrite canary gives weights to some of its targets only, so b, c will never be chosen. Give each target a weight, or none."], log.Lines);

        rules.ReplaceRewrites([none]);
        rules.ReplaceRewrites([mixed]);
        Assert.Equal(2, log.Lines.Count);
    }
}

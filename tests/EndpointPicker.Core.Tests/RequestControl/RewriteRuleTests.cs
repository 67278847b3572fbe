using System.Globalization;
using EndpointPicker.Core.RequestControl;

namespace EndpointPicker.Core.Tests.RequestControl;

public sealed class RewriteRuleTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a=1")]
    [InlineData("a=0", "a=1")]
    [InlineData("a=90 b=10", "a=0.9 b=0.1")]
    [InlineData("a=1 b=1000000", "b=1")]
    [InlineData("a b c d", "a=0.25 b=0.25 c=0.25 d=0.25")]
    [InlineData("a=0 b=0", "a=0.5 b=0.5")]
    [InlineData("a=1 b c=3", "a=0.25 b=0 c=0.75")]
    [InlineData("a=0 b=5", "a=0 b=1")]
    [InlineData("a=-5 b=5", "a=0 b=1")]
    [InlineData("a=2147483647 b=2147483647 c=2147483647", "a=0.333 b=0.333 c=0.333")]
    public void Choose_ManyTimes_ConvergesToTheWeights(string targets, string expected)
    {
        const int Draws = 200_000;
        RewriteRule rule = new(new ModelRewrite("r", [], [.. Parse(targets).Select(t => new ModelRewriteTarget(t.Name, t.Value is { } weight ? (int)weight : null))]));
        Random random = new(42);
        Dictionary<string, int> counts = [];
        for (int i = 0; i < Draws; i++)
        {
            string target = rule.Choose(random);
            counts[target] = counts.GetValueOrDefault(target) + 1;
        }

        foreach ((string name, double? share) in Parse(expected))
        {
            // Six standard deviations, and what the shares above are rounded by.
            double tolerance = share == 0 ? 0 : (6 * Math.Sqrt(share!.Value * (1 - share.Value) / Draws)) + 0.0004;
            Assert.InRange(counts.GetValueOrDefault(name) / (double)Draws, share.Value - tolerance, share.Value + tolerance);
        }

        if (targets.Length == 0)
        {
            Assert.Equal([""], counts.Keys);
        }
    }

    private static IEnumerable<(string Name, double? Value)> Parse(string text) => text
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(part => part.Split('='))
        .Select(pair => (pair[0], pair.Length < 2 ? (double?)null : double.Parse(pair[1], CultureInfo.InvariantCulture)));
}

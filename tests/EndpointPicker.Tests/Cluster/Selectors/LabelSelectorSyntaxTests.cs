using EndpointPicker.Cluster.Selectors;

namespace EndpointPicker.Tests.Cluster.Selectors;

public sealed class LabelSelectorSyntaxTests
{
    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("app=vllm")]
    [InlineData("app==vllm,tier!=test")]
    [InlineData(" app = vllm , example.com/tier != a.b_c ")]
    [InlineData("app")]
    [InlineData("!canary,gpu")]
    [InlineData("zone in (a,b), stage notin (dev)")]
    [InlineData("zone in ()")]
    [InlineData("zone in (,a)")]
    [InlineData("zone in(a)")]
    [InlineData("app=")]
    [InlineData("app=,gpu")]
    [InlineData("in in (in)")]
    [InlineData("notin")]
    [InlineData("cores>4,age<-1")]
    public void FindFault_Selector_HasNone(string text) => Assert.Null(LabelSelectorSyntax.FindFault(text));

    [Theory]
    [InlineData(",", "found ','")]
    [InlineData("app=vllm,", "it ends where a label's key")]
    [InlineData("app=vllm,,gpu", "found ',' where")]
    [InlineData("app vllm", "found 'vllm' after the key 'app'")]
    [InlineData("app=a b", "found 'b' where ',' or the end")]
    [InlineData("!app=a", "found '=' where ',' or the end")]
    [InlineData("!", "it ends where a label's key")]
    [InlineData("=a", "found '='")]
    [InlineData("zone in a", "found 'a' where '('")]
    [InlineData("zone in (a", "it ends where ',' or ')'")]
    [InlineData("zone in (a b)", "found 'b' where ',' or ')'")]
    [InlineData("zone in (=)", "found '=' where a value")]
    [InlineData("zone in (-a)", "'-a' is no label value")]
    [InlineData("a/b/c=d", "'a/b/c' is no label key")]
    [InlineData("/a=d", "'/a' is no label key")]
    [InlineData("Example.com/a=d", "'Example.com/a' is no label key")]
    [InlineData("a_=d", "'a_' is no label key")]
    [InlineData("a=d/e", "'d/e' is no label value")]
    [InlineData("cores>x", "'x' after '>' is no whole number")]
    [InlineData("cores>", "'' after '>' is no whole number")]
    public void FindFault_Mistake_IsNamed(string text, string fault) => Assert.Contains(fault, LabelSelectorSyntax.FindFault(text), StringComparison.Ordinal);

    [Fact]
    public void FindFault_LongNames_AreRefusedFromTheLimitOn()
    {
        Assert.Null(LabelSelectorSyntax.FindFault($"{new string('a', 63)}={new string('b', 63)}"));
        Assert.NotNull(LabelSelectorSyntax.FindFault(new string('a', 64)));
        Assert.NotNull(LabelSelectorSyntax.FindFault($"a={new string('b', 64)}"));
        Assert.NotNull(LabelSelectorSyntax.FindFault($"{new string('p', 254)}/a"));
    }
}

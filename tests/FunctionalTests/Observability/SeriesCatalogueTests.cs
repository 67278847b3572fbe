namespace FunctionalTests.Observability;

/// <summary>What judges the queries finds what is wrong with one.</summary>
public sealed class SeriesCatalogueTests
{
    private static readonly SeriesCatalogue Series = new("# TYPE a_total counter\na_total{x=\"1\",y=\"{\"} 1\nb_bucket{le=\"+Inf\"} 2\nold_a_total{z=\"1\"} 1\n");

    [Theory]
    [InlineData("sum by (x) (rate(a_total[5m]))")]
    [InlineData("""sum by (x, job) (a_total{y="{",x!=""}) / on (job) group_left sum by (job) (a_total) > 0.05""")]
    [InlineData("histogram_quantile(0.9, sum by (le) (rate(b_bucket[5m])))")]
    [InlineData("""topk(3, {__name__=~"(new|old)_a_total", job=~".*"})""")]
    [InlineData("up == 0 and on (job, instance) count_over_time(a_total[1h])")]
    [InlineData("0 * a_total or vector(1)")]
    public void Faults_GoodQuery_None(string query) => Assert.Empty(Series.Faults(query));

    [Theory]
    [InlineData("rate(c_total[5m])", "no series is called c_total")]
    [InlineData("sum(a_total) / sum(c)", "no series is called c")]
    [InlineData("""{__name__=~"c.*"}""", """no series is called c.*""")]
    [InlineData("""a_total{z="1"}""", "a_total has no label z")]
    [InlineData("sum by (z) (a_total)", "a_total has no label z to group by")]
    [InlineData("a_total and on (z) old_a_total", "a_total has no label z to join on")]
    [InlineData("vector(1)", "vector(1) names no series")]
    public void Faults_BadQuery_AreNamed(string query, string fault) => Assert.Equal([fault], Series.Faults(query));

    [Fact]
    public void Faults_LabelOfOneVariantAlone_MayGroupButNotMatch()
    {
        Assert.Empty(Series.Faults("sum by (x, z) (a_total)", "sum by (x, z) (old_a_total)"));
        Assert.Equal(["old_a_total has no label x"], Series.Faults("""a_total{x="1"}""", """old_a_total{x="1"}"""));
    }

    [Fact]
    public void Parse_GroupingAfterItsOperand_IsRefused() => Assert.Throws<FormatException>(() => PromQuery.Parse("sum(a_total) by (x)"));
}

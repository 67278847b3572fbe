namespace EndpointPicker.Demo.Tests;

public sealed class DemoOptionsTests
{
    [Fact]
    public void Parse_All_AreRead()
    {
        var options = DemoOptions.Parse(["--duration=2m", "--rate", "2.5", "--trace", "x.jsonl", "--speed", "4", "--pods", "6", "--server", "large", "--gateway", "--keep", "--no-build"]);

        Assert.Null(options.Problem);
        Assert.Equal((TimeSpan.FromMinutes(2), 2.5, "x.jsonl", 4.0, 6, "large"), (options.Duration, options.Rate, options.Trace, options.Speed, options.Pods, options.Server?.Name));
        Assert.True(options is { UseGateway: true, Keep: true, Build: false });
    }

    [Theory]
    [InlineData("--pods 1", "--pods does not take \"1\"")]
    [InlineData("--pods 17", "--pods does not take \"17\"")]
    [InlineData("--speed 0", "--speed does not take \"0\"")]
    [InlineData("--rate NaN", "--rate does not take \"NaN\"")]
    [InlineData("--duration 5x", "--duration does not take \"5x\"")]
    [InlineData("--server huge", "--server does not take \"huge\"")]
    [InlineData("--trace", "--trace needs a value")]
    [InlineData("--fast", "unknown option --fast")]
    public void Parse_Wrong_IsNamed(string line, string problem) => Assert.Equal(problem, DemoOptions.Parse(line.Split(' ')).Problem);

    [Fact]
    public void Help_EveryOption_IsThere() =>
        Assert.All(
            ["--duration", "--rate", "--trace", "--speed", "--pods", "--server", "--gateway", "--keep", "--epp", "--sim", "--no-build"],
            option => Assert.Contains($"  {option} ", DemoOptions.Help, StringComparison.Ordinal));
}

using ModelServerSimulator.Hosting;

namespace ModelServerSimulator.Tests.Hosting;

public sealed class CommandLineTests
{
    [Fact]
    public void Parse_BothForms_Read()
    {
        CommandLine line = CommandLine.Parse(["--port", "0", "--lora-modules=a,b", "--prefill-time-per-token", "50us", "--step-time=0.5s", "--no-enable-prefix-caching"]);

        Assert.Null(line.Problem);
        Assert.Equal(0, line.Server.Port);
        Assert.Equal(["a", "b"], line.Server.Adapters);
        Assert.Equal(TimeSpan.FromMicroseconds(50), line.Engine.PrefillTimePerToken);
        Assert.Equal(TimeSpan.FromMilliseconds(500), line.Engine.StepTime);
        Assert.False(line.Engine.PrefixCaching);
    }

    [Theory]
    [InlineData("unknown option --prot", "--prot", "8000")]
    [InlineData("--port needs a value", "--port")]
    [InlineData("--port does not take \"x\"", "--port", "x")]
    [InlineData("--step-time does not take \"8\"", "--step-time", "8")]
    [InlineData("--max-model-len 16384 needs more than 10 blocks of 16 tokens", "--num-gpu-blocks", "10")]
    [InlineData("--lora-modules needs --max-loras of at least 1", "--lora-modules", "a", "--max-loras", "0")]
    public void Parse_Mistake_IsNamed(string problem, params string[] arguments)
    {
        Assert.Equal(problem, CommandLine.Parse(arguments).Problem);
    }
}

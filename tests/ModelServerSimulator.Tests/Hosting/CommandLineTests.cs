using ModelServerSimulator.Hosting;
using ModelServerSimulator.Http;

namespace ModelServerSimulator.Tests.Hosting;

public sealed class CommandLineTests
{
    [Fact]
    public void Parse_BothForms_Read()
    {
        CommandLine line = CommandLine.Parse(["--port", "0", "--lora-modules=a,b=/b", "--prefill-time-per-token", "50us", "--step-time=0.5s", "--no-enable-prefix-caching"]);

        Assert.Null(line.Problem);
        Assert.Equal(0, line.Options.Server.Port);
        Assert.Equal([new LoraModule("a", "./adapters/a"), new LoraModule("b", "/b")], line.Options.Server.Adapters);
        Assert.Equal(TimeSpan.FromMicroseconds(50), line.Options.Engine.PrefillTimePerToken);
        Assert.Equal(TimeSpan.FromMilliseconds(500), line.Options.Engine.StepTime);
        Assert.False(line.Options.Engine.PrefixCaching);
    }

    [Fact]
    public void Parse_Faults_AreThePlanOfTheStart()
    {
        CommandLine line = CommandLine.Parse(["--error-rate=0.25", "--error-status", "429", "--metrics-without=vllm:a, vllm:b", "--seed=3"]);

        Assert.Null(line.Problem);
        Assert.Equal((0.25, 429, 3), (line.Options.Faults.ErrorRate, line.Options.Faults.ErrorStatus, line.Options.Seed));
        Assert.Equal(["vllm:a", "vllm:b"], line.Options.Faults.MetricsWithout);
    }

    [Fact]
    public void Parse_PresetAfterAnotherOption_TheOptionStillChangesThePreset()
    {
        CommandLine line = CommandLine.Parse(["--max-num-seqs=8", "--preset=rtx4090-llama-3.1-8b"]);

        Assert.Null(line.Problem);
        Assert.Equal(8, line.Options.Engine.MaxNumSeqs);
        Assert.Equal(2588, line.Options.Engine.NumGpuBlocks);
    }

    [Fact]
    public void Render_Help_NamesEveryOptionOnLinesThatFitAScreen()
    {
        string help = HelpText.Render();

        Assert.All(FlagTable.All, flag => Assert.Contains($"  {flag.Name} {flag.Argument}", help, StringComparison.Ordinal));
        Assert.All(help.Split('\n'), line => Assert.True(line.Length <= 120, line));
    }

    [Theory]
    [InlineData("unknown option --prot; did you mean --port?", "--prot", "8000")]
    [InlineData("unknown option --frobnicate", "--frobnicate=1")]
    [InlineData("--port needs a value: N", "--port")]
    [InlineData("--no-enable-prefix-caching takes no value", "--no-enable-prefix-caching=true")]
    [InlineData("--max-num-seqs does not take \"x\" (N: 16; sequences that run at once)", "--max-num-seqs", "x")]
    [InlineData("--step-time does not take \"8\" (T: 8ms; what every step costs)", "--step-time", "8")]
    [InlineData("--num-gpu-blocks does not take \"99999999999\" (N: 2048; KV-cache blocks, of which one is kept back)", "--num-gpu-blocks", "99999999999")]
    [InlineData("--max-model-len 16384 needs more than 10 blocks of 16 tokens", "--num-gpu-blocks", "10")]
    [InlineData("--data-parallel-size is 1 to 256", "--data-parallel-size=0")]
    [InlineData("--port 65535 leaves no room below 65536 for 2 ranks", "--port=65535", "--data-parallel-size=2")]
    [InlineData("--host does not take \"here\" (ADDRESS: 127.0.0.1)", "--host=here")]
    [InlineData("--preset does not take \"h100\" (NAME: none; a known server's size and speed, other options change it; one of rtx4090-llama-3.1-8b, published-h100-8b, published-8xh100-70b, published-l40s-3b)", "--preset=h100")]
    [InlineData("--metrics-page does not take \"gone\" (STATE: ok; or frozen (as it was at the first scrape after), or missing (404))", "--metrics-page=gone")]
    [InlineData("LoRA needs --max-loras of at least 1", "--lora-modules", "a", "--max-loras", "0")]
    public void Parse_Mistake_IsNamed(string problem, params string[] arguments)
    {
        Assert.Equal(problem, CommandLine.Parse(arguments).Problem);
    }
}

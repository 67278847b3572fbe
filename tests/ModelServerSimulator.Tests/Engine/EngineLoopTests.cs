using System.Threading.Channels;
using ModelServerSimulator.Engine;
using ModelServerSimulator.Faults;
using Testing;

namespace ModelServerSimulator.Tests.Engine;

public sealed class EngineLoopTests
{
    [Theory]
    [InlineData(1, 18)]
    [InlineData(3, 54)]
    public async Task Run_SlowFactor_StepsTakeThatMuchLonger(double factor, int milliseconds)
    {
        var time = new ManualTimeProvider();
        var engine = new InferenceEngine(EngineRig.Options, time);
        using var loop = new EngineLoop(engine, new FaultInjector(new FaultPlan { SlowFactor = factor }, new Random(0)), time);
        await loop.StartAsync(TestContext.Current.CancellationToken);
        var output = Channel.CreateUnbounded<GeneratedToken>();
        engine.Submit(new Sequence(new SequenceRequest(EngineRig.Prompt(8), MaxTokens: 1), output.Writer));
        await UntilStepBeginsAsync(time).DefaultTimeout();

        time.Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
        Assert.False(output.Reader.TryRead(out _));

        time.Advance(TimeSpan.FromMilliseconds(1));
        GeneratedToken token = await output.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().DefaultTimeout();
        Assert.Equal(FinishReason.Length, token.Finish);
        await loop.StopAsync(TestContext.Current.CancellationToken).DefaultTimeout();
    }

    private static async Task UntilStepBeginsAsync(ManualTimeProvider time)
    {
        while (time.PendingTimers == 0)
        {
            await Task.Yield();
        }
    }
}

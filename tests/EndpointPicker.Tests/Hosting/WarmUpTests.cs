using EndpointPicker.Configuration.Loading;
using EndpointPicker.Hosting;
using EndpointPicker.Hosting.CommandLine;
using EndpointPicker.Hosting.Serving;
using Envoy.Service.ExtProc.V3;
using Microsoft.Extensions.Logging.Abstractions;
using Testing;

namespace EndpointPicker.Tests.Hosting;

public sealed class WarmUpTests
{
    /// <summary>The made-up streams are read by the generated code: what they mean is what a proxy would mean.</summary>
    [Fact]
    public void Streams_ReadByGeneratedCode_AreWholeExchanges()
    {
        Assert.All(WarmUpStreams.All, stream =>
        {
            ProcessingRequest[] messages = [.. Read(stream)];
            Assert.Equal(ProcessingRequest.RequestOneofCase.RequestHeaders, messages[0].RequestCase);
            Assert.NotNull(messages[0].ProtocolConfig);
            string body = string.Concat(messages.Where(message => message.RequestBody is not null).Select(message => message.RequestBody.Body.ToStringUtf8()));
            if (messages[0].RequestHeaders.EndOfStream)
            {
                Assert.Single(messages);
            }
            else
            {
                Assert.Equal("warm-up", System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("model").GetString());
                Assert.True(messages.Last(message => message.RequestBody is not null).RequestBody.EndOfStream);
                Assert.True(messages[^1].ResponseBody.EndOfStream);
            }
        });
    }

    [Theory]
    [InlineData("none")]
    [InlineData("reference")]
    public async Task Run_WithTime_ServesAllStreams(string compatibility)
    {
        ManualTimeProvider time = new();
        Task<int> running = CreateSut(time, $"--compatibility={compatibility}").RunAsync(TestContext.Current.CancellationToken);
        while (!running.IsCompleted)
        {
            if (time.PendingTimers > 0)
            {
                time.Advance(TimeSpan.FromMilliseconds(110));
            }

            await Task.Yield();
        }

        Assert.Equal(WarmUp.MostStreams, await running);
    }

    [Fact]
    public async Task Run_BudgetSpent_Ends()
    {
        // 10 ms pass whenever somebody looks at the clock: 1 s is 100 looks, one of them at the start.
        Assert.InRange(await CreateSut(new SlowClock(TimeSpan.FromMilliseconds(10))).RunAsync(TestContext.Current.CancellationToken).DefaultTimeout(), 50, 100);
    }

    [Fact]
    public async Task Run_BudgetSpentBeforeTheFirst_ServesOneOfEachKind()
    {
        int served = await CreateSut(new SlowClock(WarmUp.Budget)).RunAsync(TestContext.Current.CancellationToken).DefaultTimeout();
        Assert.Equal(WarmUpStreams.All.Count, served);
    }

    [Fact]
    public async Task Run_Cancelled_EndsAtThePause()
    {
        Assert.Equal(250, await CreateSut(new ManualTimeProvider()).RunAsync(new CancellationToken(canceled: true)).DefaultTimeout());
    }

    private static WarmUp CreateSut(TimeProvider time, params string[] flags)
    {
        EppOptions options = EppOptionsReader.Read(FlagParser.Parse(flags));
        return new WarmUp(options, new PoolConfigurations(ConfigurationLoader.LoadDefault(new LoadSettings()).Configuration!), time, NullLogger.Instance);
    }

    private static IEnumerable<ProcessingRequest> Read(byte[] stream)
    {
        for (int at = 0; at < stream.Length;)
        {
            int length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(stream.AsSpan(at + 1));
            yield return ProcessingRequest.Parser.ParseFrom(stream, at + 5, length);
            at += 5 + length;
        }
    }

    private sealed class SlowClock(TimeSpan look) : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Add(ref _now, look.Ticks);
    }
}

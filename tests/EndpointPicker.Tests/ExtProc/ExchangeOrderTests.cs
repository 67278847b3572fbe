using EndpointPicker.Core.RequestControl;
using EndpointPicker.ExtProc;
using EndpointPicker.LoadGenerator.Rules;
using Envoy.Service.ExtProc.V3;
using static Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types;

namespace EndpointPicker.Tests.ExtProc;

public sealed class ExchangeOrderTests
{
    private static readonly BodySendMode[] Modes =
    [
        BodySendMode.None, BodySendMode.Buffered, BodySendMode.BufferedPartial, BodySendMode.Streamed, BodySendMode.FullDuplexStreamed, BodySendMode.Grpc,
    ];

    public static TheoryData<string, string> Illegal() => new()
    {
        { "HH", "FullDuplexStreamed" },
        { "hB", "FullDuplexStreamed" },
        { "HbB", "FullDuplexStreamed" },
        { "HbT", "FullDuplexStreamed" },
        { "HTT", "FullDuplexStreamed" },
        { "HTB", "FullDuplexStreamed" },
        { "BH", "Streamed" },
        { "HBB", "Buffered" },
        { "HBB", "BufferedPartial" },
        { "hT", "None" },
        { "hRR", "None" },
        { "hrQ", "Streamed" },
        { "hRqQ", "Streamed" },
        { "hRqU", "Streamed" },
        { "hRUU", "Streamed" },
        { "hQR", "Streamed" },
        { "hRQQ", "Buffered" },
        { "RH", "Streamed" },
        { "0", "Streamed" },
    };

    [Theory]
    [MemberData(nameof(Illegal))]
    public async Task Take_IllegalOrder_EndsWithInvalidArgumentAndReleasesOnce(string order, string modeName)
    {
        BodySendMode mode = Enum.Parse<BodySendMode>(modeName);
        ExchangeDriver driver = new(new EnvoyRulesOptions { RequestBodyMode = mode, ResponseBodyMode = mode });
        ProcessingRequest[] messages = [.. order.Select(Make)];
        messages[0].In(mode, mode);
        foreach (ProcessingRequest message in messages[..^1])
        {
            Assert.Equal(ExchangeStep.Continue, await driver.SendAsync(message));
        }

        Assert.Equal(ExchangeStep.Invalid, await driver.SendAsync(messages[^1]));

        Assert.NotEmpty(driver.Fault);
        driver.Leave();
        Assert.Single(driver.Control.Ends);
    }

    [Fact]
    public async Task Take_Garbage_EndsWithInvalidArgument()
    {
        Exchange exchange = new(new ScriptedControl(), new ExtProcOptions(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        exchange.Start(new RecordedOutput());

        Assert.Equal(ExchangeStep.Invalid, await exchange.TakeAsync(new([0x12, 0x7F])));
        Assert.Equal("malformed ProcessingRequest", exchange.Fault);
        exchange.Dispose();
    }

    [Fact]
    public async Task Take_ProxyLeavesAtAnyPointInAnyMode_EndsExactlyOnce()
    {
        foreach (BodySendMode mode in Modes)
        {
            string order = mode switch
            {
                BodySendMode.None => "HTRU",
                BodySendMode.Buffered or BodySendMode.BufferedPartial => "HBTRQU",
                _ => "HBBTRQQU",
            };
            for (int length = 0; length <= order.Length; length++)
            {
                ExchangeDriver driver = new(new EnvoyRulesOptions { RequestBodyMode = mode, ResponseBodyMode = mode });
                for (int i = 0; i < length; i++)
                {
                    ProcessingRequest message = Make(order[i]);
                    Assert.Equal(ExchangeStep.Continue, await driver.SendAsync(i == 0 ? message.In(mode, mode) : message));
                }

                driver.Leave();

                Assert.Empty(driver.Rules.Violations);
                StreamEnd end = Assert.Single(driver.Control.Ends);
                Assert.True(end == StreamEnd.Completed || length < order.Length, $"{mode} {order[..length]}: {end}");
            }
        }
    }

    [Theory]
    [InlineData(101)]
    [InlineData(102)]
    [InlineData(103)]
    public async Task Take_AnyMessagesInAnyOrder_NeverThrowsAndEndsOnce(int seed)
    {
        Random random = new(seed);
        ExchangeDriver driver = new(new EnvoyRulesOptions());
        int streams = 0;
        for (int i = 0; i < 1500; i++)
        {
            driver.Control.WantsBody = random.Next(2) == 0;
            BodySendMode mode = Modes[random.Next(Modes.Length)];
            ProcessingRequest first = Make("HhBbT"[random.Next(5)]).In(mode, Modes[random.Next(Modes.Length)]);
            await driver.SendAsync(first);
            for (int more = random.Next(8); more > 0 && !driver.Ended; more--)
            {
                await driver.SendAsync(Make("HBbTRrQqU"[random.Next(9)]));
            }

            driver.Leave();
            streams++;
            Assert.Equal(streams, driver.Control.Ends.Count);
            driver.Recycle();
        }
    }

    // Upper case: more may follow; lower case: end of stream. H, B, T: request headers, body, trailers; R, Q, U: the response's.
    private static ProcessingRequest Make(char kind) => kind switch
    {
        'H' => Messages.RequestHeaders(),
        'h' => Messages.RequestHeaders(end: true),
        'B' => Messages.RequestBody("ab"),
        'b' => Messages.RequestBody("cd", end: true),
        'T' => Messages.RequestTrailers(),
        'R' => Messages.ResponseHeaders(),
        'r' => Messages.ResponseHeaders(end: true),
        'Q' => Messages.ResponseBody("ef"),
        'q' => Messages.ResponseBody("gh", end: true),
        'U' => Messages.ResponseTrailers(),
        _ => new ProcessingRequest(),
    };
}

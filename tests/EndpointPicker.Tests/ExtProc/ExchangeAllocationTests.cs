using System.Buffers;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.ExtProc;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Testing;
using static Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types;

namespace EndpointPicker.Tests.ExtProc;

public sealed class ExchangeAllocationTests
{
#if DEBUG
    // A debug build makes the state machines of async methods classes; about a dozen are entered in an exchange.
    private const int Budget = 2500;
#else
    private const int Budget = 0;
#endif

    [Theory]
    [InlineData("FullDuplexStreamed", 1024)]
    [InlineData("FullDuplexStreamed", 200_000)]
    [InlineData("Buffered", 1024)]
    [InlineData("Streamed", 1024)]
    public void Exchange_Warm_AllocatesNothing(string modeName, int bodyLength)
    {
        BodySendMode mode = Enum.Parse<BodySendMode>(modeName);
        ProcessingRequest headers = Messages.RequestHeaders(false, [.. Enumerable.Range(0, 16).Select(i => ($"x-header-{i}", "some value"))]);
        ReadOnlySequence<byte>[] messages =
        [
            Bytes(headers.In(mode, mode)),
            Bytes(Messages.RequestBody(new byte[bodyLength], end: true)),
            Bytes(Messages.ResponseHeaders(false, ("content-type", "application/json"))),
            Bytes(Messages.ResponseBody(new string('x', 1024), end: true)),
        ];
        using Exchange exchange = new(new ScriptedControl { Keeps = false }, new ExtProcOptions(), TimeProvider.System, NullLogger.Instance);
        DiscardingOutput output = new();
        for (int i = 0; i < 200; i++)
        {
            Run(exchange, output, messages);
        }

        long perExchange = Allocations.Least(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                Run(exchange, output, messages);
            }
        }) / 100;
        Assert.InRange(perExchange, 0, Budget);
    }

    [Theory]
    [InlineData("FullDuplexStreamed")]
    [InlineData("Buffered")]
    [InlineData("BufferedPartial")]
    public void Exchange_RewrittenToOneModelAndThenAnother_AllocatesNothing(string modeName)
    {
        const string Body = "{\"model\":\"base\",\"prompt\":\"x\"}";
        BodySendMode mode = Enum.Parse<BodySendMode>(modeName);
        ReadOnlySequence<byte>[] messages =
        [
            Bytes(Messages.RequestHeaders(false, ("content-length", "29")).In(mode, mode)),
            Bytes(Messages.RequestBody(Body, end: true)),
            Bytes(Messages.ResponseHeaders(false, ("content-type", "application/json"))),
            Bytes(Messages.ResponseBody("{\"model\":\"base-v2\"}", end: true)),
        ];
        string[] targets = ["base-v2", "base-canary"];
        int count = 0;
        ScriptedControl control = new()
        {
            Keeps = false,
            Schedule = (state, _) =>
            {
                state.Request.Model = "base";
                state.Request.TargetModel = targets[count++ % 2];
                state.Request.ModelValue = 9..15;
                return ValueTask.FromResult(SchedulingResult.Picked(PickReason.Scheduled));
            },
        };
        using Exchange exchange = new(control, new ExtProcOptions(), TimeProvider.System, NullLogger.Instance);
        DiscardingOutput output = new();
        RunMany();

        Assert.InRange(Allocations.Least(RunMany) / 100, 0, Budget);

        void RunMany()
        {
            for (int i = 0; i < 100; i++)
            {
                Run(exchange, output, messages);
            }
        }
    }

    private static ReadOnlySequence<byte> Bytes(ProcessingRequest message) => new(message.ToByteArray());

    private static void Run(Exchange exchange, DiscardingOutput output, ReadOnlySequence<byte>[] messages)
    {
        exchange.Start(output);
        foreach (ReadOnlySequence<byte> message in messages)
        {
            ValueTask<ExchangeStep> step = exchange.TakeAsync(message);
            Assert.True(step.IsCompletedSuccessfully);
            exchange.ShouldEnd();
            exchange.Flushed();
        }

        exchange.End(byUs: false);
        exchange.Reset();
    }

    private sealed class DiscardingOutput : AnswerOutput, IBufferWriter<byte>
    {
        private readonly byte[] _room = new byte[256 * 1024];

        public override IBufferWriter<byte> Bytes => this;

        public override CancellationToken Aborted => CancellationToken.None;

        public override void BeginMessage(int length)
        {
        }

        public override ValueTask FlushAsync() => ValueTask.CompletedTask;

        public void Advance(int count)
        {
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => _room;

        public Span<byte> GetSpan(int sizeHint = 0) => _room;
    }
}

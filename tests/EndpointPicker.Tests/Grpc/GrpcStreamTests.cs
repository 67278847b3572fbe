using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Reflection;
using EndpointPicker.Grpc;
using FsCheck;
using FsCheck.Fluent;
using Testing;

namespace EndpointPicker.Tests.Grpc;

#pragma warning disable CA2012 // The pipes run inline: every operation whose result is taken here is complete.

public sealed class GrpcStreamTests
{
    private const int Exchanges = 200;

    [Fact]
    public void Read_AnySplitOfTheBytes_GivesTheSameMessages()
    {
        Gen<byte[]> message = Gen.Choose(0, 255).Select(i => (byte)i).ArrayOf();
        Arbitrary<(byte[][] Messages, int[] Cuts, int[] Takes)> any =
            (from messages in message.ArrayOf()
             from cuts in Gen.Choose(1, 40).NonEmptyListOf()
             from takes in Gen.Choose(1, 4).NonEmptyListOf()
             select (messages, cuts.ToArray(), takes.ToArray())).ToArbitrary();
        Prop.ForAll(any, input => Assert.Equal(input.Messages, ReadInPieces(input.Messages, input.Cuts, input.Takes).GetAwaiter().GetResult()))
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task Interrupt_StreamWasReset_IsQuiet()
    {
        InMemoryCall call = new() { Reader = { IsReset = true } };
        call.Stream.Interrupt();
        Assert.False(await call.Stream.ReadAsync());
        Assert.True(call.Stream.WasReset);
    }

    [Fact]
    public async Task Read_ResetWhileAMessageIsHeld_EndsQuietly()
    {
        InMemoryCall call = new();
        await call.Request.WriteAsync(new byte[] { 0, 0, 0, 0, 1, 7 }, TestContext.Current.CancellationToken);
        Assert.True(await call.Stream.ReadAsync());
        call.Reader.IsReset = true;
        Assert.False(await call.Stream.ReadAsync());
        Assert.True(call.Stream.WasReset);
    }

    [Fact]
    public void Read_AnyBytes_EndsWithoutAnException()
    {
        Prop.ForAll<byte[], int>((bytes, seed) =>
        {
            InMemoryCall call = new(maxMessageBytes: 50);
            call.Request.WriteAsync(bytes).GetAwaiter().GetResult();
            call.Request.Complete();
            int read = 0;
            while (call.Stream.ReadAsync().GetAwaiter().GetResult())
            {
                while (call.Stream.TryReadMessage(out ReadOnlySequence<byte> message))
                {
                    read += 5 + (int)message.Length;
                }
            }

            Assert.Equal(read != bytes.Length, call.Stream.ReadError is not null);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task Read_Interrupted_ReturnsWithoutAMessageAndLosesNothing()
    {
        InMemoryCall call = new();
        ValueTask<bool> reading = call.Stream.ReadAsync();
        await call.Request.WriteAsync(new byte[] { 0, 0, 0, 0, 2, 7 }, TestContext.Current.CancellationToken);
        Assert.False(reading.IsCompleted);
        call.Stream.Interrupt();
        Assert.True(await reading);
        Assert.False(call.Stream.TryReadMessage(out _));
        reading = call.Stream.ReadAsync();
        Assert.False(reading.IsCompleted);
        await call.Request.WriteAsync(new byte[] { 8 }, TestContext.Current.CancellationToken);
        Assert.True(await reading);
        Assert.True(call.Stream.TryReadMessage(out ReadOnlySequence<byte> message));
        Assert.Equal([7, 8], message.ToArray());
    }

    [Fact]
    public async Task Flush_NothingWritten_DoesNotTouchTheResponse()
    {
        InMemoryCall call = new();
        await call.Stream.FlushAsync(CancellationToken.None);
        Assert.False(call.Response.TryRead(out _));
        call.Stream.BeginMessage(1);
        call.Stream.Output.Write<byte>([9]);
        await call.Stream.FlushAsync(CancellationToken.None);
        Assert.True(call.Response.TryRead(out ReadResult result));
        Assert.Equal([0, 0, 0, 0, 1, 9], result.Buffer.ToArray());
    }

    [Fact]
    public void Exchange_PerMessage_AllocatesNothing()
    {
        long one = MeasureExchanges(messagesPerRead: 1);
        Assert.Equal(one, MeasureExchanges(messagesPerRead: 20));

        // Without optimization the compiler makes every async state machine an object: then a read that waits costs one, and only then.
        bool optimized = typeof(GrpcStream).Assembly.GetCustomAttribute<DebuggableAttribute>() is not { IsJITOptimizerDisabled: true };
        Assert.True(optimized ? one == 0 : one > 0, $"{one} bytes in {Exchanges} exchanges");
    }

    private static long MeasureExchanges(int messagesPerRead)
    {
        InMemoryCall call = new();
        byte[] frames = [.. Enumerable.Repeat(GrpcTestCall.Frame(new byte[6_000]), messagesPerRead).SelectMany(frame => frame)];
        Exchange(call, frames, messagesPerRead, Exchanges);

        // A collection that other tests cause may empty the pools in between: the best of a few runs is what the code itself needs.
        return Allocations.Least(() => Exchange(call, frames, messagesPerRead, Exchanges));
    }

    private static void Exchange(InMemoryCall call, byte[] frames, int expected, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            // The read waits first, so that the suspended path is the one measured.
            ValueTask<bool> reading = call.Stream.ReadAsync();
            call.Request.Write(frames);
            _ = call.Request.FlushAsync().GetAwaiter().GetResult();
            int messages = reading.GetAwaiter().GetResult() ? 0 : -1;
            while (call.Stream.TryReadMessage(out ReadOnlySequence<byte> message))
            {
                messages++;
                call.Stream.BeginMessage((int)message.Length);
                foreach (ReadOnlyMemory<byte> part in message)
                {
                    call.Stream.Output.Write(part.Span);
                }
            }

            call.Stream.FlushAsync(CancellationToken.None).GetAwaiter().GetResult();
            call.Response.TryRead(out ReadResult result);
            call.Response.AdvanceTo(result.Buffer.End);
            if (messages != expected)
            {
                throw new InvalidOperationException($"{messages} messages");
            }
        }
    }

    private static async Task<List<byte[]>> ReadInPieces(byte[][] messages, int[] cuts, int[] takes)
    {
        InMemoryCall call = new();
        Task<List<byte[]>> reading = CollectAsync(call.Stream, takes);
        ReadOnlyMemory<byte> rest = messages.SelectMany(message => GrpcTestCall.Frame(message)).ToArray();
        for (int i = 0; !rest.IsEmpty; i++)
        {
            int cut = Math.Min(cuts[i % cuts.Length], rest.Length);
            await call.Request.WriteAsync(rest[..cut]);
            rest = rest[cut..];
        }

        await call.Request.CompleteAsync();
        List<byte[]> read = await reading.DefaultTimeout();
        Assert.Null(call.Stream.ReadError);
        return read;
    }

    // A method may take fewer messages at a time than there are; those left come with the next read.
    private static async Task<List<byte[]>> CollectAsync(GrpcStream stream, int[] takes)
    {
        List<byte[]> read = [];
        for (int round = 0; await stream.ReadAsync(); round++)
        {
            for (int i = 0; i < takes[round % takes.Length] && stream.TryReadMessage(out ReadOnlySequence<byte> message); i++)
            {
                read.Add(message.ToArray());
            }
        }

        return read;
    }
}

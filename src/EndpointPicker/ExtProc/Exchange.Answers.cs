using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace EndpointPicker.ExtProc;

internal sealed partial class Exchange
{
    // The reference cuts bodies here, and every proxy that works with it takes parts of this size.
    private const int LargestPart = 62_000;

    private static ReadOnlySpan<byte> RequestIdName => "x-request-id"u8;

    /// <summary>What the answer that carries the decision has beside its kind.</summary>
    /// <param name="forwarded">How long the forwarded body is, where the reference would tell.</param>
    public AnswerDetail DestinationDetail(long? forwarded)
    {
        WriteDestination();
        if (Options.IsReference)
        {
            WriteReferenceHeaders(forwarded);
        }

        if (State.Trace is { } trace)
        {
            // Last, so that it holds against an echo of the client's.
            Mutation.Set("traceparent"u8, trace.TraceParent);
        }

        return new AnswerDetail
        {
            Mutation = Mutation.Encoded,
            Metadata = Destination.Metadata,
            ClearRouteCache = Options.IsReference && !Destination.Value.IsEmpty,
        };
    }

    /// <summary>Sets the destination; where there is none, takes away one that the client sent.</summary>
    public void WriteDestination()
    {
        if (!Destination.Value.IsEmpty)
        {
            Mutation.Set(DestinationAnswer.HeaderName, Destination.Value);
        }
        else if (State.Request.Headers.TryGet(DestinationAnswer.HeaderName, out _))
        {
            Mutation.Remove(DestinationAnswer.HeaderName);
        }
    }

    /// <summary>Sets the length of a replaced body where the proxy has announced another one.</summary>
    public void WriteContentLength(long length)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(length, digits, out int written);
        Mutation.Set("content-length"u8, digits[..written]);
    }

    /// <summary>Sends a full-duplex body on in parts; the flags stand on the last one.</summary>
    public async ValueTask SendBodyAsync(AnswerKind kind, ReadOnlySequence<byte> body, StreamedBodyFlags flags, bool withMetadata)
    {
        const int UnflushedLimit = 4 * LargestPart;
        int unflushed = 0;
        while (body.Length > LargestPart && RequestMode != BodyMode.Grpc)
        {
            WritePart(kind, body.Slice(0, LargestPart), default, withMetadata);
            withMetadata = false;
            body = body.Slice(LargestPart);
            unflushed += LargestPart;
            if (unflushed >= UnflushedLimit)
            {
                unflushed = 0;
                await Answers.FlushAsync();
            }
        }

        WritePart(kind, body, flags, withMetadata);
    }

    /// <summary>As <see cref="SendBodyAsync"/>, for a part that is small or came as one message.</summary>
    public void SendChunk(AnswerKind kind, ReadOnlySequence<byte> body, StreamedBodyFlags flags, bool isGrpc)
    {
        while (body.Length > LargestPart && !isGrpc)
        {
            WritePart(kind, body.Slice(0, LargestPart), default, withMetadata: false);
            body = body.Slice(LargestPart);
        }

        WritePart(kind, body, flags, withMetadata: false);
    }

    /// <summary>The flags of the message at hand.</summary>
    public StreamedBodyFlags MessageFlags() => new(Message.EndOfStream, Message.EndWithoutMessage, Message.GrpcMessageCompressed);

    private void WritePart(AnswerKind kind, in ReadOnlySequence<byte> part, StreamedBodyFlags flags, bool withMetadata) =>
        Answers.StreamBody(kind, part, flags, new AnswerDetail { Metadata = withMetadata ? Destination.Metadata : default });

    private void WriteReferenceHeaders(long? forwarded)
    {
        bool hasRequestId = State.Request.Headers.TryGet(RequestIdName, out ReadOnlySpan<byte> id) && !id.IsEmpty;
        if (!hasRequestId)
        {
            Mutation.Set(RequestIdName, Encoding.ASCII.GetBytes(Guid.NewGuid().ToString()));
        }

        if (forwarded is not { } length)
        {
            return;
        }

        if (length > 0)
        {
            Span<byte> digits = stackalloc byte[20];
            Utf8Formatter.TryFormat(length, digits, out int written);
            Mutation.Set("Content-Length"u8, digits[..written]);
        }

        ReferenceHeaders.Echo(State.Request.Headers, Mutation);
    }
}

using System.Buffers;
using EndpointPicker.Grpc;

namespace EndpointPicker.ExtProc;

/// <summary>
/// Encodes <c>envoy.service.ext_proc.v3.ProcessingResponse</c>: sizes first, then bytes into the output's own memory. Bodies go there straight
/// from where they lie.
/// </summary>
internal sealed class AnswerWriter
{
    private const byte CommonResponseTag = 0x0A;
    private const byte HeaderMutationTag = 0x12;
    private const byte BodyMutationTag = 0x1A;
    private const byte ClearRouteCacheTag = 0x28;
    private const byte DynamicMetadataTag = 0x42;
    private const byte ModeOverrideTag = 0x4A;
    private const byte ReplacedBodyTag = 0x0A;
    private const byte StreamedResponseTag = 0x1A;

    private AnswerOutput? _output;

    private AnswerOutput Output => _output ?? throw new InvalidOperationException("the writer has no output");

    public CancellationToken Aborted => Output.Aborted;

    public void Attach(AnswerOutput? output) => _output = output;

    /// <summary>Sends what was written so far, for answers too large to be held in memory as one.</summary>
    public ValueTask FlushAsync() => Output.FlushAsync();

    /// <summary>Answers headers, or a body that stays as it is.</summary>
    public void Continue(AnswerKind kind, in AnswerDetail detail)
    {
        int common = SizeOfCommon(detail);
        int wrapper = WireWriter.SizeOfField(common);
        int total = WireWriter.SizeOfField(wrapper) + SizeOfRest(detail);
        WireWriter writer = new(Begin(total).GetSpan(total));
        writer.Begin(Tag(kind), wrapper);
        writer.Begin(CommonResponseTag, common);
        writer.Optional(HeaderMutationTag, detail.Mutation);
        End(ref writer, detail);
        Output.Bytes.Advance(writer.Written);
    }

    /// <summary>Answers a body by another one, where the mode is not full duplex.</summary>
    public void ReplaceBody(AnswerKind kind, in ReadOnlySequence<byte> body, in AnswerDetail detail)
    {
        int mutation = WireWriter.SizeOfField(checked((int)body.Length));
        Body(kind, ReplacedBodyTag, mutation, mutation, body, default, detail);
    }

    /// <summary>Sends a part of a full-duplex body on.</summary>
    public void StreamBody(AnswerKind kind, in ReadOnlySequence<byte> body, in StreamedBodyFlags flags, in AnswerDetail detail)
    {
        int streamed = WireWriter.SizeOfOptional(checked((int)body.Length)) + flags.Size;
        Body(kind, StreamedResponseTag, WireWriter.SizeOfField(streamed), streamed, body, flags, detail);
    }

    /// <summary>Answers trailers, which stay as they are.</summary>
    public void Trailers(AnswerKind kind, in AnswerDetail detail)
    {
        int total = WireWriter.SizeOfField(0) + SizeOfRest(detail);
        WireWriter writer = new(Begin(total).GetSpan(total));
        writer.Begin(Tag(kind), 0);
        Rest(ref writer, detail);
        Output.Bytes.Advance(writer.Written);
    }

    /// <summary>Ends the HTTP request with an answer of our own.</summary>
    /// <param name="status">The HTTP status; below 200 Envoy would make it 200.</param>
    /// <param name="mutation">Its headers, as an encoded <c>HeaderMutation</c>.</param>
    /// <param name="body">Its body.</param>
    /// <param name="details">What the proxy's access log shows as response code details.</param>
    public void Immediate(int status, ReadOnlySpan<byte> mutation, ReadOnlySpan<byte> body, ReadOnlySpan<byte> details)
    {
        int code = 1 + WireWriter.SizeOf((uint)status);
        int response = WireWriter.SizeOfField(code) + WireWriter.SizeOfOptional(mutation.Length)
            + WireWriter.SizeOfOptional(body.Length) + WireWriter.SizeOfOptional(details.Length);
        int total = WireWriter.SizeOfField(response);
        WireWriter writer = new(Begin(total).GetSpan(total));
        writer.Begin(Tag(AnswerKind.Immediate), response);
        writer.Begin(0x0A, code);
        writer.Number(0x08, (uint)status);
        writer.Optional(0x12, mutation);
        writer.Optional(0x1A, body);
        writer.Optional(0x2A, details);
        Output.Bytes.Advance(writer.Written);
    }

    private void Body(
        AnswerKind kind,
        byte mutationTag,
        int bodyMutation,
        int streamed,
        in ReadOnlySequence<byte> body,
        in StreamedBodyFlags flags,
        in AnswerDetail detail)
    {
        int common = SizeOfCommon(detail) + WireWriter.SizeOfField(bodyMutation);
        int wrapper = WireWriter.SizeOfField(common);
        int total = checked(WireWriter.SizeOfField(wrapper) + SizeOfRest(detail));
        IBufferWriter<byte> bytes = Begin(total);

        int aroundBody = total - (int)body.Length;
        WireWriter head = new(bytes.GetSpan(aroundBody));
        head.Begin(Tag(kind), wrapper);
        head.Begin(CommonResponseTag, common);
        head.Optional(HeaderMutationTag, detail.Mutation);
        head.Begin(BodyMutationTag, bodyMutation);
        if (mutationTag == StreamedResponseTag)
        {
            head.Begin(StreamedResponseTag, streamed);
        }

        if (mutationTag == ReplacedBodyTag || !body.IsEmpty)
        {
            head.Begin(0x0A, (int)body.Length);
        }

        bytes.Advance(head.Written);
        foreach (ReadOnlyMemory<byte> segment in body)
        {
            bytes.Write(segment.Span);
        }

        int rest = aroundBody - head.Written;
        if (rest > 0)
        {
            WireWriter tail = new(bytes.GetSpan(rest));
            flags.Write(ref tail);
            End(ref tail, detail);
            bytes.Advance(tail.Written);
        }
    }

    private IBufferWriter<byte> Begin(int length)
    {
        Output.BeginMessage(length);
        return Output.Bytes;
    }

    private static byte Tag(AnswerKind kind) => (byte)WireType.Tag((uint)kind, WireType.Bytes);

    private static int SizeOfCommon(in AnswerDetail detail) =>
        WireWriter.SizeOfOptional(detail.Mutation.Length) + (detail.ClearRouteCache ? 2 : 0);

    private static int SizeOfRest(in AnswerDetail detail) =>
        WireWriter.SizeOfOptional(detail.Metadata.Length) + WireWriter.SizeOfOptional(detail.ModeOverride.Length);

    private static void End(ref WireWriter writer, in AnswerDetail detail)
    {
        if (detail.ClearRouteCache)
        {
            writer.Number(ClearRouteCacheTag, 1);
        }

        Rest(ref writer, detail);
    }

    private static void Rest(ref WireWriter writer, in AnswerDetail detail)
    {
        writer.Optional(DynamicMetadataTag, detail.Metadata);
        writer.Optional(ModeOverrideTag, detail.ModeOverride);
    }
}

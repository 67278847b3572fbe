using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using BodySendMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode;
using Case = Envoy.Service.ExtProc.V3.ProcessingRequest.RequestOneofCase;

namespace EndpointPicker.LoadGenerator.Null;

/// <summary>An ext_proc service that lets everything pass: each message is parsed and answered with generated code, and full-duplex bodies come back. What is measured of a picker beyond it is the picker's.</summary>
internal static class NullProcessor
{
    private const int FramePrefix = 5;

    /// <summary>Serves one call.</summary>
    public static async Task ServeAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        PipeReader input = context.Request.BodyReader;
        PipeWriter output = context.Response.BodyWriter;
        ProtocolConfiguration? protocol = null;
        try
        {
            while (true)
            {
                ReadResult read = await input.ReadAsync(context.RequestAborted);
                ReadOnlySequence<byte> rest = read.Buffer;
                while (TryRead(ref rest, out ProcessingRequest? request))
                {
                    protocol ??= request.ProtocolConfig;
                    Write(output, Answer(request, protocol));
                }

                input.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted)
                {
                    break;
                }

                await output.FlushAsync(context.RequestAborted);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client went away.
            return;
        }

        context.Response.AppendTrailer("grpc-status", "0");
    }

    private static bool TryRead(ref ReadOnlySequence<byte> rest, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ProcessingRequest? request)
    {
        request = null;
        if (rest.Length < FramePrefix)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[FramePrefix];
        rest.Slice(0, FramePrefix).CopyTo(prefix);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (rest.Length - FramePrefix < length)
        {
            return false;
        }

        request = ProcessingRequest.Parser.ParseFrom(rest.Slice(FramePrefix, length));
        rest = rest.Slice(FramePrefix + length);
        return true;
    }

    private static void Write(PipeWriter output, ProcessingResponse answer)
    {
        int length = answer.CalculateSize();
        Span<byte> prefix = output.GetSpan(FramePrefix);
        prefix[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(prefix[1..], (uint)length);
        output.Advance(FramePrefix);
        answer.WriteTo(output);
    }

    private static ProcessingResponse Answer(ProcessingRequest request, ProtocolConfiguration? protocol) => request.RequestCase switch
    {
        Case.RequestHeaders => new ProcessingResponse { RequestHeaders = new HeadersResponse() },
        Case.ResponseHeaders => new ProcessingResponse { ResponseHeaders = new HeadersResponse() },
        Case.RequestBody => new ProcessingResponse { RequestBody = Answer(request.RequestBody, protocol?.RequestBodyMode) },
        Case.ResponseBody => new ProcessingResponse { ResponseBody = Answer(request.ResponseBody, protocol?.ResponseBodyMode) },
        Case.RequestTrailers => new ProcessingResponse { RequestTrailers = new TrailersResponse() },
        _ => new ProcessingResponse { ResponseTrailers = new TrailersResponse() },
    };

    private static BodyResponse Answer(HttpBody body, BodySendMode? mode) => mode != BodySendMode.FullDuplexStreamed
        ? new BodyResponse()
        : new BodyResponse
        {
            Response = new CommonResponse
            {
                BodyMutation = new BodyMutation { StreamedResponse = new StreamedBodyResponse { Body = body.Body, EndOfStream = body.EndOfStream } },
            },
        };
}

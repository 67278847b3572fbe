using System.IO.Pipelines;
using EndpointPicker.Grpc;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EndpointPicker.Tests.Grpc;

/// <summary>A stream between two pipes whose continuations run inline: nothing of it depends on timing.</summary>
internal sealed class InMemoryCall
{
    private static readonly PipeOptions Inline =
        new(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false);

    private readonly Pipe _request = new(Inline);
    private readonly Pipe _response = new(Inline);

    public InMemoryCall(int maxMessageBytes = 1_000_000)
    {
        DefaultHttpContext context = new();
        Reader = new ResettableReader(_request.Reader);
        context.Features.Set<IRequestBodyPipeFeature>(new RequestPipe(Reader));
        context.Features.Set<IHttpResponseBodyFeature>(new ResponsePipe(_response.Writer));
        Stream = new GrpcStream(context, maxMessageBytes);
    }

    public GrpcStream Stream { get; }

    public ResettableReader Reader { get; }

    public PipeWriter Request => _request.Writer;

    public PipeReader Response => _response.Reader;

    private sealed record RequestPipe(PipeReader Reader) : IRequestBodyPipeFeature;
}

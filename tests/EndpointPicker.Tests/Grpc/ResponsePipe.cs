using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace EndpointPicker.Tests.Grpc;

/// <summary>A response whose body goes into a pipe.</summary>
internal sealed class ResponsePipe(PipeWriter writer) : IHttpResponseBodyFeature
{
    public Stream Stream => Writer.AsStream();

    public PipeWriter Writer => writer;

    public Task CompleteAsync() => Task.CompletedTask;

    public void DisableBuffering()
    {
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
}

using System.Buffers.Binary;
using System.Net;
using Testing;

namespace EndpointPicker.Tests.Grpc;

/// <summary>One duplex call: both halves are driven by the test.</summary>
internal sealed class GrpcTestCall(Task<HttpResponseMessage> response, GrpcTestCall.RequestContent content, CancellationTokenSource cancel) : IDisposable
{
    private Stream? _body;

    public Task<HttpResponseMessage> Response => response;

    public static byte[] Frame(byte[] message, byte flag = 0)
    {
        byte[] frame = new byte[5 + message.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    public Task SendAsync(byte[] message) => SendRawAsync(Frame(message));

    public async Task SendRawAsync(byte[] bytes)
    {
        Stream stream = await content.Opened.DefaultTimeout();
        try
        {
            await stream.WriteAsync(bytes).DefaultTimeout();
            await stream.FlushAsync().DefaultTimeout();
        }
        catch (HttpRequestException)
        {
            // The server has ended the call already; its answer is what counts.
        }
    }

    public async Task CompleteAsync()
    {
        await content.Opened.DefaultTimeout();
        content.Close();
    }

    /// <summary>Resets the stream.</summary>
    public void Reset() => cancel.Cancel();

    /// <summary>The next message; null at the end.</summary>
    public async Task<byte[]?> ReadMessageAsync()
    {
        _body ??= await (await response.DefaultTimeout()).Content.ReadAsStreamAsync().DefaultTimeout();
        byte[] prefix = new byte[5];
        int read = await _body.ReadAtLeastAsync(prefix, 5, throwOnEndOfStream: false).DefaultTimeout();
        if (read == 0)
        {
            return null;
        }

        Assert.Equal(5, read);
        Assert.Equal(0, prefix[0]);
        byte[] message = new byte[BinaryPrimitives.ReadUInt32BigEndian(prefix.AsSpan(1))];
        await _body.ReadExactlyAsync(message).DefaultTimeout();
        return message;
    }

    public async Task<GrpcTestAnswer> ReadToEndAsync()
    {
        HttpResponseMessage message = await response.DefaultTimeout();
        List<byte[]> messages = [];
        while (await ReadMessageAsync() is { } next)
        {
            messages.Add(next);
        }

        bool trailersOnly = message.Headers.Contains("grpc-status");
        string? Find(string name) => (trailersOnly ? message.Headers : message.TrailingHeaders).TryGetValues(name, out IEnumerable<string>? values) ? values.Single() : null;
        return new GrpcTestAnswer(message, messages, Find("grpc-status"), Find("grpc-message"), trailersOnly);
    }

    public void Dispose() => cancel.Dispose();

    internal sealed class RequestContent : HttpContent
    {
        private readonly TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Stream> Opened => _opened.Task;

        public void Close() => _closed.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            // Flushing sends the headers, so that the server sees the call before its first message.
            await stream.FlushAsync();
            _opened.TrySetResult(stream);
            await _closed.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

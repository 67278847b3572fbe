using System.Buffers.Binary;
using System.Globalization;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;

namespace EndpointPicker.LoadGenerator.Client;

/// <summary>
/// One ext_proc stream. Sending and reading may overlap, two sends or two reads may not. Disposing it resets the stream, as Envoy does when a
/// request is over.
/// </summary>
public sealed class ExtProcStream : IAsyncDisposable
{
    private const int PrefixLength = 5;

    private readonly HttpRequestMessage _request;
    private readonly DuplexContent _content;
    private readonly CancellationTokenSource _reset;
    private readonly Task<HttpResponseMessage> _response;
    private Stream? _body;

    internal ExtProcStream(HttpMessageInvoker invoker, HttpRequestMessage request, DuplexContent content, CancellationToken cancellationToken)
    {
        _request = request;
        _content = content;
        _reset = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _response = invoker.SendAsync(request, _reset.Token);
    }

    /// <summary>How the server ended the stream; set once <see cref="ReadAsync"/> has returned null.</summary>
    public GrpcStatus Status { get; private set; } = new(GrpcStatus.Unknown, "not ended");

    /// <summary>Sends a message; false when the server has ended the stream, for the reason that reading will show.</summary>
    public async ValueTask<bool> SendAsync(ProcessingRequest message)
    {
        int length = message.CalculateSize();
        byte[] frame = new byte[PrefixLength + length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), length);
        message.WriteTo(frame.AsSpan(PrefixLength));
        try
        {
            if (!_content.Opened.IsCompleted && await Task.WhenAny(_content.Opened, _response) == _response && !_content.Opened.IsCompleted)
            {
                return false;
            }

            Stream stream = await _content.Opened;
            await stream.WriteAsync(frame, _reset.Token);
            await stream.FlushAsync(_reset.Token);
            return true;
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or ObjectDisposedException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Says that no message will follow.</summary>
    public void CompleteSending() => _content.Complete();

    /// <summary>The next answer, or null when the server has ended the stream.</summary>
    public async ValueTask<ProcessingResponse?> ReadAsync()
    {
        try
        {
            HttpResponseMessage response = await _response;
            _body ??= await response.Content.ReadAsStreamAsync(_reset.Token);
            byte[] prefix = new byte[PrefixLength];
            int read = await _body.ReadAtLeastAsync(prefix, PrefixLength, throwOnEndOfStream: false, _reset.Token);
            if (read == 0)
            {
                Status = ReadStatus(response);
                return null;
            }

            if (read < PrefixLength || prefix[0] != 0)
            {
                Status = new GrpcStatus(GrpcStatus.Internal, "broken message frame");
                return null;
            }

            byte[] message = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix.AsSpan(1))];
            await _body.ReadExactlyAsync(message, _reset.Token);
            return ProcessingResponse.Parser.ParseFrom(message);
        }
        catch (InvalidProtocolBufferException exception)
        {
            Status = new GrpcStatus(GrpcStatus.Internal, exception.Message);
            return null;
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            Status = new GrpcStatus(GrpcStatus.Unavailable, exception.Message);
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _reset.CancelAsync();
        _content.Complete();
        try
        {
            (await _response).Dispose();
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            // A stream that never came to be needs no reset.
        }

        _request.Dispose();
        _reset.Dispose();
    }

    private static GrpcStatus ReadStatus(HttpResponseMessage response)
    {
        string? code = First(response.TrailingHeaders) ?? First(response.Headers);
        string message = response.TrailingHeaders.TryGetValues("grpc-message", out IEnumerable<string>? texts)
            || response.Headers.TryGetValues("grpc-message", out texts) ? Uri.UnescapeDataString(texts.First()) : "";
        return code is null
            ? new GrpcStatus(GrpcStatus.Unknown, $"HTTP {(int)response.StatusCode} without grpc-status")
            : new GrpcStatus(int.Parse(code, CultureInfo.InvariantCulture), message);
    }

    private static string? First(System.Net.Http.Headers.HttpHeaders headers) =>
        headers.TryGetValues("grpc-status", out IEnumerable<string>? values) ? values.First() : null;
}

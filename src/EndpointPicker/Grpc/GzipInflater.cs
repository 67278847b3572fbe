using System.Buffers;
using System.IO.Compression;

namespace EndpointPicker.Grpc;

/// <summary>Inflates gzip messages into one rented buffer, never beyond the receive limit however much the sender packed.</summary>
internal sealed class GzipInflater(int maxBytes) : IDisposable
{
    private const int FirstRent = 16 * 1024;

    private byte[]? _buffer;

    /// <summary>Inflates one message; the result lives until <see cref="Release"/>. An error is returned as a status.</summary>
    public GrpcStatus? TryInflate(in ReadOnlySequence<byte> packed, out ReadOnlySequence<byte> message)
    {
        Release();
        message = default;
        byte[] source = ArrayPool<byte>.Shared.Rent((int)packed.Length);
        try
        {
            packed.CopyTo(source);
            using MemoryStream input = new(source, 0, (int)packed.Length, writable: false);
            using GZipStream gzip = new(input, CompressionMode.Decompress);
            int length = Fill(gzip);
            if (length > maxBytes)
            {
                return new GrpcStatus(StatusCode.ResourceExhausted, $"message inflates to more than {maxBytes} bytes");
            }

            message = new ReadOnlySequence<byte>(_buffer!, 0, length);
            return null;
        }
        catch (InvalidDataException)
        {
            return GrpcStatus.Internal("message is not valid gzip");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(source);
        }
    }

    /// <summary>Gives the buffer of the last message back.</summary>
    public void Release()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose() => Release();

    private int Fill(GZipStream gzip)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(FirstRent);
        int length = 0;
        while (length <= maxBytes)
        {
            if (length == _buffer.Length)
            {
                Grow(length);
            }

            int read = gzip.Read(_buffer, length, _buffer.Length - length);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        return length;
    }

    private void Grow(int length)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(length * 2);
        Buffer.BlockCopy(_buffer!, 0, larger, 0, length);
        ArrayPool<byte>.Shared.Return(_buffer!);
        _buffer = larger;
    }
}

using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;

namespace EndpointPicker.Grpc;

internal sealed partial class GrpcStream
{
    private ReadOnlySequence<byte> _buffered;
    private bool _holdsInput;

    // Whether the method has taken all complete messages. What it left must not count as examined, or the next read would wait for bytes that may never come.
    private bool _starved;
    private GzipInflater? _inflater;
    private bool _inflated;

    /// <summary>
    /// Waits until a complete message is buffered. False at the end of the client's half, after a reset (<see cref="WasReset"/>) and after an error
    /// (<see cref="ReadError"/>); messages of the last read are gone once this is called.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ReadAsync()
    {
        while (CanReadOn())
        {
            ReadResult? read = null;
            try
            {
                ReleaseInput();
                read = await new QuietRead(_input.ReadAsync());
            }
            catch (Exception e) when (IsReset(e))
            {
                // Kestrel knew before the read began.
            }

            if (read is not { } result)
            {
                WasReset = true;
                return false;
            }

            _buffered = result.Buffer;
            _holdsInput = true;
            _starved = false;
            if (TryFindMessage(out _))
            {
                return true;
            }

            if (result.IsCanceled && !DeadlineExceeded && ReadError is null)
            {
                return true;
            }

            if (result.IsCompleted && ReadError is null)
            {
                ReadError = _buffered.IsEmpty ? null : GrpcStatus.Internal("the request ended inside a message");
                return false;
            }
        }

        return false;
    }

    /// <summary>Takes the next complete message; it stays valid until the next <see cref="ReadAsync"/>.</summary>
    public bool TryReadMessage(out ReadOnlySequence<byte> message)
    {
        message = default;

        // An inflated message lives in the only buffer there is; the next one waits for the next read.
        if (_inflated || ReadError is not null || !TryFindMessage(out FramePrefix prefix))
        {
            return false;
        }

        message = _buffered.Slice(FramePrefix.Size, prefix.Length);
        _buffered = _buffered.Slice(message.End);
        return prefix.Flag == FramePrefix.Plain || TryInflate(ref message);
    }

    private static bool IsReset(Exception exception, CancellationToken cancellationToken = default) => exception switch
    {
        IOException or ConnectionAbortedException => true,
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        _ => false,
    };

    private bool CanReadOn()
    {
        if (DeadlineExceeded)
        {
            ReadError ??= GrpcStatus.DeadlineExceeded;
        }

        return ReadError is null && !WasReset;
    }

    private bool TryFindMessage(out FramePrefix prefix)
    {
        if (FramePrefix.TryRead(_buffered, out prefix))
        {
            // Judged by the prefix, before anything of an oversized message is kept.
            ReadError = Refuse(prefix);
            if (ReadError is null && _buffered.Length - FramePrefix.Size >= prefix.Length)
            {
                return true;
            }
        }

        _starved = true;
        return false;
    }

    private void ReleaseInput()
    {
        _inflater?.Release();
        _inflated = false;
        if (_holdsInput)
        {
            _holdsInput = false;
            _input.AdvanceTo(_buffered.Start, _starved ? _buffered.End : _buffered.Start);
            _buffered = default;
        }
    }

    private GrpcStatus? Refuse(FramePrefix prefix)
    {
        if (prefix.Flag > FramePrefix.Compressed)
        {
            return GrpcStatus.Internal("unknown compression flag");
        }

        if (prefix.Length > (uint)_maxMessageBytes)
        {
            return new GrpcStatus(StatusCode.ResourceExhausted, $"received message larger than max ({prefix.Length} vs. {_maxMessageBytes})");
        }

        return prefix.Flag == FramePrefix.Plain ? null : RefuseEncoding(_context.Request.Headers.GrpcEncoding);
    }

    private GrpcStatus? RefuseEncoding(string? encoding)
    {
        if (encoding == GrpcHeaders.Gzip)
        {
            return null;
        }

        if (encoding is null or GrpcHeaders.Identity)
        {
            return GrpcStatus.Internal("compressed message without a grpc-encoding");
        }

        if (!_context.Response.HasStarted)
        {
            _context.Response.Headers.GrpcAcceptEncoding = GrpcHeaders.AcceptEncoding;
        }

        return GrpcStatus.Unimplemented($"grpc-encoding {encoding} is not supported");
    }

    private bool TryInflate(ref ReadOnlySequence<byte> message)
    {
        _inflater ??= new GzipInflater(_maxMessageBytes);
        ReadError = _inflater.TryInflate(message, out ReadOnlySequence<byte> inflated);
        message = inflated;
        _inflated = true;
        return ReadError is null;
    }
}

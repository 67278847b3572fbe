using System.Net;

namespace EndpointPicker.LoadGenerator.Gateway;

/// <summary>
/// What goes upstream: grows while the client and the picker deliver, at most a limit ahead of the upstream, and can be read again from its
/// start by a retry as long as it has not outgrown that limit.
/// </summary>
internal sealed class RequestBody(int limit)
{
    // Protects all fields below: the pump appends while an attempt reads.
    private readonly Lock _lock = new();
    private readonly List<ReadOnlyMemory<byte>> _kept = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytes;
    private long _bytesSent;
    private int _partsSent;
    private int _partsDropped;
    private bool _complete;

    /// <summary>Whether there is no body at all.</summary>
    public bool IsEmpty { get; set; }

    /// <summary>The length to announce upstream; null sends chunks.</summary>
    public long? Length { get; set; }

    /// <summary>What follows the body, known once that is complete.</summary>
    public HeaderList? Trailers { get; private set; }

    /// <summary>Whether the attempt under way has sent all, so that nothing but the end of the body remains to be written.</summary>
    public bool IsAllSent { get; private set; }

    /// <summary>Whether another attempt would find the body whole.</summary>
    public bool CanReplay
    {
        get
        {
            lock (_lock)
            {
                return _partsDropped == 0;
            }
        }
    }

    /// <summary>Adds bytes without waiting for the upstream.</summary>
    public void Append(ReadOnlyMemory<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            Change(() =>
            {
                _kept.Add(bytes);
                _bytes += bytes.Length;
            });
        }
    }

    /// <summary>Adds bytes and waits while the upstream is further behind than the limit.</summary>
    public async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Append(bytes);
        while (IsAhead(out Task changed))
        {
            await changed.WaitAsync(cancellationToken);
        }
    }

    public void Complete(HeaderList? trailers = null) => Change(() =>
    {
        Trailers = trailers;
        _complete = true;
    });

    public HttpContent? CreateContent() => IsEmpty ? null : new ReplayContent(this);

    private bool IsAhead(out Task changed)
    {
        lock (_lock)
        {
            changed = _changed.Task;
            return _bytes - _bytesSent > limit;
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            change();
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.TrySetResult();
    }

    private async Task CopyToAsync(Stream stream, CancellationToken cancellationToken)
    {
        Change(() => (_bytesSent, _partsSent, IsAllSent) = (0, 0, false));
        while (!IsAllSent)
        {
            if (TryNext(out ReadOnlyMemory<byte> part, out Task changed))
            {
                await stream.WriteAsync(part, cancellationToken);
                await stream.FlushAsync(cancellationToken);
                Change(() => Advance(part.Length));
            }
            else if (!IsAllSent)
            {
                await changed.WaitAsync(cancellationToken);
            }
        }
    }

    private bool TryNext(out ReadOnlyMemory<byte> part, out Task changed)
    {
        lock (_lock)
        {
            int index = _partsSent - _partsDropped;
            bool there = index < _kept.Count;
            part = there ? _kept[index] : default;
            changed = _changed.Task;
            IsAllSent = !there && _complete;
            return there;
        }
    }

    // A body beyond the limit is not tried again, as with Envoy's retry buffer: what is sent need not be kept.
    private void Advance(int length)
    {
        _bytesSent += length;
        _partsSent++;
        if (_bytes > limit)
        {
            _kept.RemoveRange(0, _partsSent - _partsDropped);
            _partsDropped = _partsSent;
        }
    }

    private sealed class ReplayContent(RequestBody body) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => body.CopyToAsync(stream, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            body.CopyToAsync(stream, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = body.Length ?? -1;
            return body.Length is not null;
        }
    }
}

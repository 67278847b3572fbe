using System.Net;

namespace EndpointPicker.LoadGenerator.Gateway;

/// <summary>What goes upstream: grows while the client and the picker deliver, and can be read again from its start by a retry.</summary>
internal sealed class RequestBody
{
    // Protects the list and its growth signal: the pump appends while attempts read.
    private readonly Lock _lock = new();
    private readonly List<ReadOnlyMemory<byte>> _chunks = [];
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _complete;

    /// <summary>Whether there is no body at all.</summary>
    public bool IsEmpty { get; set; }

    /// <summary>The length to announce upstream; null sends chunks.</summary>
    public long? Length { get; set; }

    public void Append(ReadOnlyMemory<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            Change(() => _chunks.Add(bytes));
        }
    }

    public void Complete() => Change(() => _complete = true);

    public HttpContent? CreateContent() => IsEmpty ? null : new ReplayContent(this);

    private void Change(Action change)
    {
        TaskCompletionSource grown;
        lock (_lock)
        {
            change();
            grown = _grown;
            _grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        grown.TrySetResult();
    }

    private async Task CopyToAsync(Stream stream, CancellationToken cancellationToken)
    {
        for (int next = 0; ;)
        {
            ReadOnlyMemory<byte>? chunk = null;
            Task? wait = null;
            lock (_lock)
            {
                if (next < _chunks.Count)
                {
                    chunk = _chunks[next++];
                }
                else if (_complete)
                {
                    return;
                }
                else
                {
                    wait = _grown.Task;
                }
            }

            if (wait is not null)
            {
                await wait.WaitAsync(cancellationToken);
                continue;
            }

            await stream.WriteAsync(chunk!.Value, cancellationToken);
            await stream.FlushAsync(cancellationToken);
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

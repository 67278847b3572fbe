using System.Collections.Concurrent;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EndpointPicker.Tests.Grpc;

/// <summary>Connection middleware that notes what the server hands to the socket at a time.</summary>
internal sealed class WriteRecorder
{
    private readonly ConcurrentQueue<byte[]> _writes = new();

    /// <summary>The frames of each write, in order.</summary>
    public IReadOnlyList<IReadOnlyList<RawHttp2Frame>> Writes => [.. _writes.Select(write => RawHttp2Frame.ParseAll(write))];

    public void Attach(ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Transport = new Pipes(connection.Transport.Input, new Recorder(connection.Transport.Output, _writes));
        return next(connection);
    });

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class Recorder(PipeWriter inner, ConcurrentQueue<byte[]> writes) : PipeWriter
    {
        private readonly List<byte> _pending = [];
        private Memory<byte> _last;

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override void Advance(int bytes)
        {
            _pending.AddRange(_last.Span[..bytes]);
            _last = _last[bytes..];
            inner.Advance(bytes);
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => _last = inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            writes.Enqueue([.. _pending]);
            _pending.Clear();
            return inner.FlushAsync(cancellationToken);
        }

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);
    }
}

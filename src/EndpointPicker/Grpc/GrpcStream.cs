using System.Buffers;
using System.IO.Pipelines;

namespace EndpointPicker.Grpc;

/// <summary>
/// One call as its method sees it: messages in by pulling, messages out through <see cref="Output"/>, and one status at the end.
/// Budget: no allocation per message; one object per call. Not thread-safe but for <see cref="Interrupt"/>.
/// </summary>
internal sealed partial class GrpcStream : IDisposable
{
    private readonly HttpContext _context;
    private readonly PipeReader _input;
    private readonly PipeWriter _output;
    private readonly int _maxMessageBytes;
    private CallDeadline? _deadline;

    public GrpcStream(HttpContext context, int maxMessageBytes)
    {
        _context = context;
        _input = context.Request.BodyReader;
        _output = context.Response.BodyWriter;
        _maxMessageBytes = maxMessageBytes;
    }

    /// <summary>Where the bytes of a message go, after <see cref="BeginMessage"/>.</summary>
    public IBufferWriter<byte> Output => _output;

    /// <summary>Cancelled when the client goes away or its deadline passes; for waits other than reading. Asking for it costs an allocation a call.</summary>
    public CancellationToken Aborted => _deadline?.Token ?? _context.RequestAborted;

    /// <summary>Why reading ended before the client's half did; the server answers it whatever the method returns.</summary>
    public GrpcStatus? ReadError { get; private set; }

    /// <summary>Whether the client reset the stream or its connection broke. Envoy ends streams so as a rule: not an error.</summary>
    public bool WasReset { get; private set; }

    /// <summary>Whether the client's deadline has passed.</summary>
    public bool DeadlineExceeded => _deadline?.Expired ?? false;

    /// <summary>Starts the clock that the client asked for.</summary>
    public void SetDeadline(TimeSpan timeout, TimeProvider timeProvider)
    {
        _deadline = new CallDeadline(timeout, timeProvider, _context.RequestAborted);
        _deadline.OnExpiry(static state => ((GrpcStream)state!).Expire(), this);
    }

    /// <summary>
    /// Makes the pending or the next <see cref="ReadAsync"/> return true, perhaps without a message, so that the method looks at its own state again.
    /// From any thread, but never after the method has returned: whoever calls it must be stopped by then.
    /// </summary>
    public void Interrupt()
    {
        try
        {
            _input.CancelPendingRead();
        }
        catch (Exception e) when (IsReset(e))
        {
            // Kestrel refuses any use of a stream that was reset meanwhile; its read has ended by itself, and on a drain or a deadline nobody is there to catch this.
        }
    }

    public void Dispose()
    {
        _deadline?.Dispose();
        _inflater?.Dispose();
    }

    private void Expire()
    {
        Interrupt();
        _output.CancelPendingFlush();
    }
}

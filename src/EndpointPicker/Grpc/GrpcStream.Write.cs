using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace EndpointPicker.Grpc;

internal sealed partial class GrpcStream
{
    private bool _wrote;

    /// <summary>Whether bytes wait for <see cref="FlushAsync"/> or the end of the call.</summary>
    public bool HasUnflushed { get; private set; }

    /// <summary>Opens a message; exactly <paramref name="length"/> bytes must follow on <see cref="Output"/>.</summary>
    public void BeginMessage(int length)
    {
        FramePrefix.WritePlain(_output, length);
        _wrote = true;
        HasUnflushed = true;
    }

    /// <summary>Sends what was written since the last flush; waits while the client does not take it. Without anything written it does nothing.</summary>
    public ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (!HasUnflushed)
        {
            return ValueTask.CompletedTask;
        }

        HasUnflushed = false;
        return FlushOutputAsync(cancellationToken);
    }

    /// <summary>
    /// Sets the status that leaves when the call's handler returns: in the same socket write as bytes that were not flushed, and as the only frame when nothing was written.
    /// </summary>
    public void Finish(GrpcStatus status)
    {
        HttpResponse response = _context.Response;
        string number = StatusCodeText.Number(status.Code);
        if (_wrote)
        {
            response.AppendTrailer(GrpcHeaders.Status, number);
        }
        else
        {
            response.Headers.GrpcStatus = number;
        }

        if (status.Message.Length > 0)
        {
            string message = PercentEncoding.Encode(status.Message);
            if (_wrote)
            {
                response.AppendTrailer(GrpcHeaders.Message, message);
            }
            else
            {
                response.Headers.GrpcMessage = message;
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FlushOutputAsync(CancellationToken cancellationToken)
    {
        try
        {
            FlushResult result = await _output.FlushAsync(cancellationToken);
            WasReset |= result.IsCompleted;
        }
        catch (Exception e) when (IsReset(e, cancellationToken))
        {
            WasReset = true;
        }
    }
}

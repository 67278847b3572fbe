using System.IO.Pipelines;

namespace EndpointPicker.Tests.Grpc;

/// <summary>A request's reader that, once reset, throws at every use, as Kestrel's does.</summary>
internal sealed class ResettableReader(PipeReader inner) : PipeReader
{
    public bool IsReset { get; set; }

    public override void AdvanceTo(SequencePosition consumed)
    {
        Check();
        inner.AdvanceTo(consumed);
    }

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        Check();
        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead()
    {
        Check();
        inner.CancelPendingRead();
    }

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        Check();
        return inner.ReadAsync(cancellationToken);
    }

    public override bool TryRead(out ReadResult result)
    {
        Check();
        return inner.TryRead(out result);
    }

    private void Check()
    {
        if (IsReset)
        {
            throw new IOException("The client reset the request stream.");
        }
    }
}

using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace EndpointPicker.Grpc;

/// <summary>
/// Awaits a read of Kestrel's and tells a failed one without throwing what it failed with. Envoy ends its streams by a reset as a rule, and an
/// exception that is thrown again here costs several microseconds of a stream's forty.
/// </summary>
/// <param name="read">The read; awaited once.</param>
internal readonly struct QuietRead(ValueTask<ReadResult> read) : ICriticalNotifyCompletion
{
    /// <summary>Whether the result is there.</summary>
    public bool IsCompleted => read.IsCompleted;

    public QuietRead GetAwaiter() => this;

    /// <summary>What was read; <see langword="null"/> where the stream was reset, the connection broke or the read was cancelled.</summary>
    public ReadResult? GetResult() => read.IsFaulted || read.IsCanceled ? null : read.GetAwaiter().GetResult();

    public void OnCompleted(Action continuation) => read.ConfigureAwait(false).GetAwaiter().OnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) => read.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(continuation);
}

using System.Buffers;

namespace EndpointPicker.ExtProc;

/// <summary>Where one stream's answers go, so that the protocol can run without a socket.</summary>
internal abstract class AnswerOutput
{
    /// <summary>Takes the bytes of the message that was begun.</summary>
    public abstract IBufferWriter<byte> Bytes { get; }

    /// <summary>Cancelled when the proxy goes away; asking for it may cost, so it is for waits alone.</summary>
    public abstract CancellationToken Aborted { get; }

    /// <summary>Begins a message; exactly <paramref name="length"/> bytes follow before the next one.</summary>
    /// <param name="length">The message's length in bytes.</param>
    public abstract void BeginMessage(int length);

    /// <summary>Sends what was written so far and waits until the proxy takes more.</summary>
    /// <returns>When more may be written, or the proxy is gone.</returns>
    public abstract ValueTask FlushAsync();
}

using System.Buffers;

namespace EndpointPicker.ExtProc;

/// <summary>
/// Full-duplex response bodies: every byte is sent back as it comes, with the end of stream where it came. The reference's way, for those who
/// ask for it, holds a response that is no event stream until its end.
/// </summary>
internal sealed class FullDuplexResponse(Exchange exchange) : ResponsePhase(exchange)
{
    private readonly HeldBody _held = new();
    private bool _owes;

    private bool IsGrpc => Exchange.ResponseMode == BodyMode.Grpc;

    private bool Holds => Exchange.Options.IsReference && !IsGrpc && !Exchange.ResponseIsEventStream && !Exchange.State.Request.Stream;

    public override void OnBody()
    {
        bool ends = Message.EndOfStream || Message.EndWithoutMessage;
        ReadOnlySequence<byte> body = Message.Body;
        if (Exchange.RestoredBody.IsActive && !IsGrpc)
        {
            body = new ReadOnlySequence<byte>(Exchange.RestoredBody.Restore(body, ends));
        }

        if (!Holds)
        {
            Send(body, Exchange.MessageFlags());
            return;
        }

        _held.Append(body);
        _owes = true;
        if (ends)
        {
            SendHeld(endOfStream: true);
        }
    }

    public override void OnTrailers()
    {
        if (Exchange.RestoredBody.IsActive && !IsGrpc)
        {
            ReadOnlySequence<byte> rest = new(Exchange.RestoredBody.Restore(default, last: true));
            if (Holds)
            {
                _held.Append(rest);
            }
            else if (!rest.IsEmpty)
            {
                Send(rest, default);
            }
        }

        if (_owes)
        {
            SendHeld(endOfStream: false);
        }
    }

    public override void Reset()
    {
        _held.Release();
        _owes = false;
    }

    private void SendHeld(bool endOfStream)
    {
        Send(_held.Bytes, new StreamedBodyFlags(endOfStream));
        _held.Release();
        _owes = false;
    }

    private void Send(in ReadOnlySequence<byte> body, StreamedBodyFlags flags) => Exchange.SendChunk(AnswerKind.ResponseBody, body, flags, IsGrpc);
}

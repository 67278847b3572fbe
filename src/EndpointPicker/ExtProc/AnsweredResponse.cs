using System.Buffers;

namespace EndpointPicker.ExtProc;

/// <summary>Every response mode but full duplex: each body message is answered, and replaced only where a model's name is restored in it.</summary>
internal sealed class AnsweredResponse(Exchange exchange) : ResponsePhase(exchange)
{
    public override void OnBody()
    {
        if (!Exchange.RestoredBody.IsActive || Message.Body.IsEmpty)
        {
            Exchange.Answers.Continue(AnswerKind.ResponseBody, default);
            return;
        }

        // Nothing may be kept for a next chunk: if trailers come instead, no answer is left that could carry it.
        ReadOnlyMemory<byte> restored = Exchange.RestoredBody.Restore(Message.Body, last: true);
        if (restored.Length == Message.Body.Length && IsSame(Message.Body, restored.Span))
        {
            Exchange.Answers.Continue(AnswerKind.ResponseBody, default);
            return;
        }

        if (Exchange.ResponseMode == BodyMode.Buffered && Exchange.ResponseHasContentLength)
        {
            Exchange.WriteContentLength(restored.Length);
        }

        Exchange.Answers.ReplaceBody(
            AnswerKind.ResponseBody, new ReadOnlySequence<byte>(restored), new AnswerDetail { Mutation = Exchange.Mutation.Encoded });
    }

    public override void OnTrailers()
    {
    }

    public override void Reset()
    {
    }

    private static bool IsSame(in ReadOnlySequence<byte> body, ReadOnlySpan<byte> restored)
    {
        foreach (ReadOnlyMemory<byte> segment in body)
        {
            if (!restored.StartsWith(segment.Span))
            {
                return false;
            }

            restored = restored[segment.Length..];
        }

        return true;
    }
}

using System.Buffers;

namespace EndpointPicker.ExtProc;

/// <summary>The answer to a whole body: the decision, and the body itself only where the model's name in it changes.</summary>
internal static class BufferedAnswer
{
    public static void Write(Exchange exchange)
    {
        ReadOnlySequence<byte> body = exchange.Message.Body;
        if (!exchange.WillRewriteModel())
        {
            exchange.Answers.Continue(AnswerKind.RequestBody, exchange.DestinationDetail(body.Length));
            return;
        }

        HeldBody rewritten = exchange.RewrittenBody;
        rewritten.Append(body);
        exchange.TryRewriteModel(rewritten);
        AnswerDetail detail = exchange.DestinationDetail(rewritten.Length);
        if (exchange.State.Request.Headers.TryGet("content-length"u8, out _))
        {
            // Envoy fails a replaced body that differs from the length that stands in the headers.
            exchange.WriteContentLength(rewritten.Length);
            detail = new AnswerDetail { Mutation = exchange.Mutation.Encoded, Metadata = detail.Metadata, ClearRouteCache = detail.ClearRouteCache };
        }

        exchange.Answers.ReplaceBody(AnswerKind.RequestBody, rewritten.Bytes, detail);
        rewritten.Release();
    }
}

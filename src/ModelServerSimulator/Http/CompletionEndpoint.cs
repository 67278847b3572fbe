using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using ModelServerSimulator.Engine;
using ModelServerSimulator.Faults;

namespace ModelServerSimulator.Http;

/// <summary>Chat completions and completions, whole and streamed.</summary>
internal sealed class CompletionEndpoint(CompletionRequestReader reader, InferenceEngine engine, FaultInjector faults, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context, bool isChat)
    {
        CompletionRequest? request = null;
        (JsonDocument? document, ApiError? error) = await JsonBody.ReadAsync(context).ConfigureAwait(false);
        if (document is not null)
        {
            using (document)
            {
                (request, error) = reader.Read(document.RootElement, isChat);
            }
        }

        if (request is null)
        {
            await RefuseAsync(context, error!).ConfigureAwait(false);
            return;
        }

        await AnswerAsync(context, request).ConfigureAwait(false);
    }

    private async Task AnswerAsync(HttpContext context, CompletionRequest request)
    {
        var tokens = Channel.CreateUnbounded<GeneratedToken>(new UnboundedChannelOptions { SingleReader = true });
        var sequences = new Sequence[request.Sequences.Count];
        for (int i = 0; i < sequences.Length; i++)
        {
            sequences[i] = new Sequence(request.Sequences[i], tokens.Writer, i);
            engine.Submit(sequences[i]);
        }

        string suffix = context.Request.Headers["x-request-id"] is [{ Length: > 0 } id, ..] ? id : RandomNumberGenerator.GetHexString(16, lowercase: true);
        var answer = new AnswerWriter(request.IsChat, request.Model, (request.IsChat ? "chatcmpl-" : "cmpl-") + suffix, time.GetUtcNow().ToUnixTimeSeconds());
        try
        {
            Task sent = request.Stream
                ? StreamAsync(context, request, answer, sequences, tokens.Reader)
                : SendWholeAsync(context, request, answer, sequences, tokens.Reader);
            await sent.ConfigureAwait(false);
        }
        finally
        {
            foreach (Sequence sequence in sequences)
            {
                engine.Abort(sequence);
            }
        }
    }

    private async Task SendWholeAsync(
        HttpContext context, CompletionRequest request, AnswerWriter answer, Sequence[] sequences, ChannelReader<GeneratedToken> tokens)
    {
        StringBuilder[] texts = [.. sequences.Select(_ => new StringBuilder())];
        var reasons = new FinishReason[sequences.Length];
        int generated = 0;
        for (int unfinished = sequences.Length; unfinished > 0; generated++)
        {
            GeneratedToken token = await tokens.ReadAsync(context.RequestAborted).ConfigureAwait(false);
            texts[token.Sequence].Append(token.Text);
            reasons[token.Sequence] = token.Finish;
            unfinished -= token.Finish == FinishReason.None ? 0 : 1;
        }

        Usage usage = Count(request, sequences, generated);
        LoadReport.Write(context, engine.Load);
        await JsonReply.SendAsync(context.Response, StatusCodes.Status200OK, json => answer.Whole(json, [.. texts.Select(text => text.ToString())], reasons, usage))
            .ConfigureAwait(false);
    }

    private async Task StreamAsync(
        HttpContext context, CompletionRequest request, AnswerWriter answer, Sequence[] sequences, ChannelReader<GeneratedToken> tokens)
    {
        HttpResponse response = context.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        var begun = new bool[sequences.Length];
        int generated = 0;
        int resetAfter = faults.Strikes(faults.Plan.ResetRate) ? faults.Plan.ResetAfterChunks : int.MaxValue;
        for (int unfinished = sequences.Length; unfinished > 0; generated++)
        {
            GeneratedToken token = await tokens.ReadAsync(context.RequestAborted).ConfigureAwait(false);
            if (generated == resetAfter)
            {
                context.Abort();
                return;
            }

            if (request.IsChat && !begun[token.Sequence])
            {
                begun[token.Sequence] = true;
                JsonReply.WriteEvent(response, json => answer.Role(json, token.Sequence));
            }

            JsonReply.WriteEvent(response, json => answer.Chunk(json, token));
            await response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            unfinished -= token.Finish == FinishReason.None ? 0 : 1;
        }

        if (request.IncludeUsage)
        {
            JsonReply.WriteEvent(response, json => answer.UsageChunk(json, Count(request, sequences, generated)));
        }

        response.BodyWriter.Write("data: [DONE]\n\n"u8);
        await response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private static Usage Count(CompletionRequest request, Sequence[] sequences, int generated) =>
        new(request.PromptTokens, generated, sequences.Where((_, index) => index % request.Choices == 0).Sum(sequence => sequence.CachedTokens));

    private static Task RefuseAsync(HttpContext context, ApiError error) => JsonReply.SendAsync(context.Response, error.Status, error.Write);
}

using Envoy.Service.ExtProc.V3;
using Microsoft.AspNetCore.Connections;
using Case = Envoy.Service.ExtProc.V3.ProcessingResponse.ResponseOneofCase;

namespace EndpointPicker.LoadGenerator.Gateway;

internal sealed partial class GatewayExchange
{
    private bool _sentWholeBody;

    /// <summary>Client to upstream, past the picker; trailers are still shown where the configuration says so.</summary>
    private Task PumpUnseenAsync() => GuardAsync(async () =>
    {
        bool end = false;
        while (!end)
        {
            (ReadOnlyMemory<byte> bytes, end) = await _body.ReadAsync();
            await _upstreamBody.AppendAsync(bytes, _stop.Token);
        }

        Interrupt(await ConsultOnTrailersAsync());
        _upstreamBody.Complete(_body.Trailers);
    });

    /// <summary>STREAMED: each chunk is shown, and goes on when it is answered.</summary>
    private Task PumpStreamedAsync(List<ReadOnlyMemory<byte>> arrived) => GuardAsync(async () =>
    {
        foreach (ReadOnlyMemory<byte> bytes in arrived)
        {
            await ShowChunkAsync(bytes, end: false);
        }

        bool end = false;
        while (!end)
        {
            (ReadOnlyMemory<byte> bytes, end) = await _body.ReadAsync();
            await ShowChunkAsync(bytes, end: false);
        }

        if (_body.Trailers is null)
        {
            await ShowChunkAsync(default, end: true);
        }
        else
        {
            Interrupt(await ConsultOnTrailersAsync());
        }

        _upstreamBody.Complete(_body.Trailers);
    });

    private async Task ShowChunkAsync(ReadOnlyMemory<byte> bytes, bool end)
    {
        if (bytes.IsEmpty && !end)
        {
            return;
        }

        if (_consulting)
        {
            await _link!.SendRequestBodyAsync(bytes, end);
            Answer answer = await _link.NextAsync(Case.RequestBody, _options.MessageTimeout);
            BodyMutation? mutation = answer.Message is null ? null : CommonOf(answer.Message)?.BodyMutation;
            if (mutation?.MutationCase == BodyMutation.MutationOneofCase.StreamedResponse)
            {
                answer = new Answer(AnswerKind.Spurious, Detail: "spurious_message: streamed_response in STREAMED");
            }

            Interrupt(Judge(answer, mayFailOpen: true));
            bytes = Mutate(bytes, mutation);
        }

        await _upstreamBody.AppendAsync(bytes, _stop.Token);
    }

    /// <summary>FULL_DUPLEX_STREAMED, towards the picker: chunks go out as they come, and the end of an HTTP/1.1 body is a chunk of its own.</summary>
    private Task PumpDuplexAsync() => GuardAsync(async () =>
    {
        bool end = false;
        while (!end)
        {
            (ReadOnlyMemory<byte> bytes, end) = await _body.ReadAsync();
            if (!bytes.IsEmpty && (!_consulting || !await _link!.SendRequestBodyAsync(bytes, end: false)))
            {
                await _upstreamBody.AppendAsync(bytes, _stop.Token);
            }
        }

        _sentWholeBody = true;
        if (_body.Trailers is { } trailers)
        {
            await _link!.SendRequestTrailersAsync(trailers);
        }
        else
        {
            await _link!.SendRequestBodyAsync(default, end: true);
        }

        if (!_consulting)
        {
            _upstreamBody.Complete(_body.Trailers);
        }
    });

    /// <summary>FULL_DUPLEX_STREAMED, from the picker: what it sends back is the body.</summary>
    private Task ReceiveDuplexAsync() => GuardAsync(async () =>
    {
        while (_consulting)
        {
            Answer answer = await _link!.NextAsync(Case.RequestBody, Timeout.InfiniteTimeSpan);
            if (answer.Message is not { } message)
            {
                // An OK in the middle of a body whose end was already sent makes Envoy wait for ever; this says so at once.
                bool hangs = answer.Kind == AnswerKind.ClosedOk && _sentWholeBody;
                Interrupt(hangs ? LocalReply.Text(504, "stream timeout", "ext_proc_closed_before_the_body_was_echoed") : Judge(answer, mayFailOpen: false));
                return;
            }

            if (message.ResponseCase == Case.RequestTrailers)
            {
                _body.Trailers?.Apply(message.RequestTrailers.HeaderMutation);
                break;
            }

            if (CommonOf(message)?.BodyMutation is not { MutationCase: BodyMutation.MutationOneofCase.StreamedResponse } mutation)
            {
                Interrupt(Judge(new Answer(AnswerKind.Spurious, Detail: "spurious_message: no streamed_response"), mayFailOpen: false));
                return;
            }

            await _upstreamBody.AppendAsync(mutation.StreamedResponse.Body.Memory, _stop.Token);
            if (mutation.StreamedResponse.EndOfStream)
            {
                break;
            }
        }

        _upstreamBody.Complete(_body.Trailers);
    });

    // A pump never throws: its failure is the client's leaving, or an answer that ends the request.
    private async Task GuardAsync(Func<Task> pump)
    {
        try
        {
            await pump();
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ConnectionAbortedException)
        {
            await _stop.CancelAsync();
        }
    }

    private void Interrupt(LocalReply? reply)
    {
        if (reply is not null)
        {
            _interruption = reply;
            _stop.Cancel();
        }
    }
}

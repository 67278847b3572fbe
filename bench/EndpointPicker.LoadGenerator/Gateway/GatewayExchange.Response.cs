using System.Globalization;
using Envoy.Service.ExtProc.V3;
using Case = Envoy.Service.ExtProc.V3.ProcessingResponse.ResponseOneofCase;

namespace EndpointPicker.LoadGenerator.Gateway;

internal sealed partial class GatewayExchange
{
    private const int ChunkSize = 16 * 1024;

    private async Task RespondAsync(UpstreamResponse response)
    {
        if (!_consulting || (!_options.SendResponseHeaders && _responseMode == BodyMode.None))
        {
            _client.Start(response.Status, response.Headers, response.IsEmpty);
            await CopyUnseenAsync(response);
            await _client.EndAsync(response.Trailers);
            return;
        }

        if (_options.SendResponseHeaders && await ConsultOnResponseHeadersAsync(response) is { } reply)
        {
            await SendAsync(reply);
            return;
        }

        if (response.IsEmpty || !_consulting || _responseMode == BodyMode.None)
        {
            _client.Start(response.Status, response.Headers, response.IsEmpty);
            await CopyUnseenAsync(response);
            await EndResponseAsync(response);
            return;
        }

        string? announced = response.Headers["content-length"];
        if (_responseMode is BodyMode.Streamed or BodyMode.FullDuplexStreamed or BodyMode.BufferedPartial)
        {
            response.Headers.Remove("content-length");
        }

        await (_responseMode switch
        {
            BodyMode.FullDuplexStreamed => CopyDuplexAsync(response),
            BodyMode.Streamed => CopyStreamedAsync(response, announced),
            _ => CopyBufferedAsync(response),
        });
    }

    private async Task<LocalReply?> ConsultOnResponseHeadersAsync(UpstreamResponse response)
    {
        await _link!.SendResponseHeadersAsync(response, response.Headers);
        Answer answer = await _link.NextAsync(Case.ResponseHeaders, PatienceFor(_responseMode));
        if (Judge(answer, mayFailOpen: true) is { } reply)
        {
            return reply;
        }

        response.Headers.Apply(answer.Message is null ? null : CommonOf(answer.Message)?.HeaderMutation);
        return null;
    }

    private async Task CopyUnseenAsync(UpstreamResponse response)
    {
        byte[] buffer = new byte[ChunkSize];
        int read;
        while (!response.IsEmpty && (read = await response.Body.ReadAsync(buffer, _stop.Token)) > 0)
        {
            await _client.WriteAsync(buffer.AsMemory(0, read));
        }
    }

    private async Task CopyBufferedAsync(UpstreamResponse response)
    {
        using var whole = new MemoryStream();
        await response.Body.CopyToAsync(whole, _stop.Token);
        if (_responseMode == BodyMode.Buffered && whole.Length > _options.BufferLimit)
        {
            await SendAsync(LocalReply.Text(500, "Internal Server Error", "response_payload_too_large"));
            return;
        }

        byte[] body = whole.ToArray();
        await _link!.SendResponseBodyAsync(body, response.Trailers is null);
        Answer answer = await _link.NextAsync(Case.ResponseBody, _options.MessageTimeout);
        if (Judge(answer, mayFailOpen: true) is { } reply)
        {
            await SendAsync(reply);
            return;
        }

        CommonResponse? common = answer.Message is null ? null : CommonOf(answer.Message);
        response.Headers.Apply(common?.HeaderMutation);
        ReadOnlyMemory<byte> mutated = Mutate(body, common?.BodyMutation);
        if (response.Headers["content-length"] is { } announced && announced != $"{mutated.Length}")
        {
            await SendAsync(LocalReply.Text(_options.StatusOnError, "", "mismatch_between_content_length_and_the_length_of_the_mutated_body"));
            return;
        }

        _client.Start(response.Status, response.Headers, response.IsEmpty);
        await _client.WriteAsync(mutated);
        await EndResponseAsync(response);
    }

    private async Task CopyStreamedAsync(UpstreamResponse response, string? announced)
    {
        _client.Start(response.Status, response.Headers, response.IsEmpty);

        // A body that comes whole with its headers is shown in one piece; a length tells that nothing follows.
        long left = announced is null ? -1 : long.Parse(announced, CultureInfo.InvariantCulture);
        byte[] buffer = new byte[ChunkSize];
        int read;
        do
        {
            read = await response.Body.ReadAsync(buffer, _stop.Token);
            ReadOnlyMemory<byte> bytes = buffer.AsMemory(0, read).ToArray();
            left -= read;
            bool end = (read == 0 || left == 0) && response.Trailers is null;
            if (_consulting && (read > 0 || end))
            {
                await _link!.SendResponseBodyAsync(bytes, end);
                Answer answer = await _link.NextAsync(Case.ResponseBody, _options.MessageTimeout);
                if (Judge(answer, mayFailOpen: true) is { } reply)
                {
                    await SendAsync(reply);
                    return;
                }

                bytes = Mutate(bytes, answer.Message is null ? null : CommonOf(answer.Message)?.BodyMutation);
            }

            await _client.WriteAsync(bytes);
        }
        while (read > 0 && left != 0);

        await EndResponseAsync(response);
    }

    private async Task CopyDuplexAsync(UpstreamResponse response)
    {
        _client.Start(response.Status, response.Headers, response.IsEmpty);
        Task sending = ShowResponseAsync(response);
        HeaderMutation? changed = null;
        while (_consulting)
        {
            Answer answer = await _link!.NextAsync(Case.ResponseBody, Timeout.InfiniteTimeSpan);
            if (Judge(answer, mayFailOpen: false) is { } reply)
            {
                await SendAsync(reply);
                return;
            }

            if (answer.Message is not { } message)
            {
                break;
            }

            if (message.ResponseCase == Case.ResponseTrailers)
            {
                changed = message.ResponseTrailers.HeaderMutation;
                break;
            }

            if (CommonOf(message)?.BodyMutation is not { MutationCase: BodyMutation.MutationOneofCase.StreamedResponse } mutation)
            {
                await SendAsync(LocalReply.Text(_options.StatusOnError, "", "spurious_message: no streamed_response"));
                return;
            }

            await _client.WriteAsync(mutation.StreamedResponse.Body.Memory);
            if (mutation.StreamedResponse.EndOfStream)
            {
                break;
            }
        }

        await sending;

        // Closed by the picker: what it had not sent back by then is lost, the rest passes.
        await CopyUnseenAsync(response);
        HeaderList? trailers = response.Trailers;
        trailers?.Apply(changed);
        await _client.EndAsync(trailers);
    }

    private async Task ShowResponseAsync(UpstreamResponse response)
    {
        byte[] buffer = new byte[ChunkSize];
        int read;
        while ((read = await response.Body.ReadAsync(buffer, _stop.Token)) > 0)
        {
            if (!_consulting || !await _link!.SendResponseBodyAsync(buffer.AsMemory(0, read).ToArray(), end: false))
            {
                return;
            }
        }

        await (response.Trailers is { } trailers ? _link!.SendResponseTrailersAsync(trailers) : _link!.SendResponseBodyAsync(default, end: true));
    }

    /// <summary>Shows the picker the trailers, if there are any and it is to see them, and ends the answer.</summary>
    private async Task EndResponseAsync(UpstreamResponse response)
    {
        HeaderList? trailers = response.Trailers;
        if (_consulting && _options.SendResponseTrailers && trailers is not null)
        {
            await _link!.SendResponseTrailersAsync(trailers);
            Answer answer = await _link.NextAsync(Case.ResponseTrailers, PatienceFor(_responseMode));
            trailers.Apply(answer.Message?.ResponseTrailers?.HeaderMutation);
        }

        await _client.EndAsync(trailers);
    }
}

using System.Globalization;
using EndpointPicker.LoadGenerator.Client;
using Envoy.Extensions.Filters.Http.ExtProc.V3;
using Envoy.Service.ExtProc.V3;
using Case = Envoy.Service.ExtProc.V3.ProcessingResponse.ResponseOneofCase;

namespace EndpointPicker.LoadGenerator.Gateway;

internal sealed partial class GatewayExchange
{
    /// <summary>Runs the request phase until the upstream may be asked; null then, else the answer that ends the request.</summary>
    private async Task<LocalReply?> ConsultOnRequestAsync(ExtProcClient processor)
    {
        _link = new ProcessorLink(processor.Open(_stop.Token), _options);
        _consulting = true;
        _upstreamBody.IsEmpty = _body.IsEmpty;
        bool duplex = _requestMode == BodyMode.FullDuplexStreamed && !_body.IsEmpty;
        await _link.SendRequestHeadersAsync(_headers, _body.IsEmpty);
        if (duplex)
        {
            _pump = PumpDuplexAsync();
        }

        Answer answer = await _link.NextAsync(Case.RequestHeaders, PatienceFor(_requestMode));
        if (Judge(answer, mayFailOpen: !duplex) is { } reply)
        {
            return reply;
        }

        if (answer.Message is { } message)
        {
            ApplyModeOverride(message.ModeOverride);
            CommonResponse? common = CommonOf(message);
            _headers.Apply(common?.HeaderMutation);
            if (common?.Status == CommonResponse.Types.ResponseStatus.ContinueAndReplace)
            {
                ReplaceRequestBody(common.BodyMutation);
                return null;
            }
        }

        if (_body.IsEmpty)
        {
            _upstreamBody.Complete();
            return null;
        }

        if (duplex)
        {
            _pump = Task.WhenAll(_pump, ReceiveDuplexAsync());
            return null;
        }

        return await ConsultOnBodyAsync();
    }

    private LocalReply? PassUnasked()
    {
        _upstreamBody.IsEmpty = _body.IsEmpty;
        if (_body.IsEmpty)
        {
            _upstreamBody.Complete();
            return null;
        }

        _upstreamBody.Length = _http.Request.ContentLength;
        _pump = PumpUnseenAsync();
        return null;
    }

    private async Task<LocalReply?> ConsultOnBodyAsync()
    {
        if (!_consulting || _requestMode == BodyMode.None)
        {
            return PassUnasked();
        }

        (List<ReadOnlyMemory<byte>> arrived, bool end) = await GatherAsync();
        int length = arrived.Sum(bytes => bytes.Length);
        if (_requestMode == BodyMode.Buffered && length > _options.BufferLimit)
        {
            return LocalReply.Text(413, "Payload Too Large", "request_payload_too_large");
        }

        if (_requestMode == BodyMode.Streamed && !end)
        {
            _pump = PumpStreamedAsync(arrived);
            return null;
        }

        if (length == 0 && _body.Trailers is not null)
        {
            LocalReply? refusal = await ConsultOnTrailersAsync();
            _upstreamBody.Complete(_body.Trailers);
            return refusal;
        }

        ReadOnlyMemory<byte> whole = Join(arrived, length);
        await _link!.SendRequestBodyAsync(whole, end && _body.Trailers is null);
        Answer answer = await _link.NextAsync(Case.RequestBody, _options.MessageTimeout);
        if (Judge(answer, mayFailOpen: true) is { } reply)
        {
            return reply;
        }

        CommonResponse? common = answer.Message is null ? null : CommonOf(answer.Message);
        _headers.Apply(common?.HeaderMutation);
        ReadOnlyMemory<byte> body = Mutate(whole, common?.BodyMutation);
        if (_requestMode == BodyMode.Buffered && CheckLength(body.Length) is { } mismatch)
        {
            return mismatch;
        }

        _upstreamBody.Append(body);
        if (end)
        {
            LocalReply? trailersReply = await ConsultOnTrailersAsync();
            _upstreamBody.Complete(_body.Trailers);
            return trailersReply;
        }

        _consulting = false;
        _pump = PumpUnseenAsync();
        return null;
    }

    private async Task<LocalReply?> ConsultOnTrailersAsync()
    {
        if (_body.Trailers is not { } trailers || !_options.SendRequestTrailers || !_consulting)
        {
            return null;
        }

        await _link!.SendRequestTrailersAsync(trailers);
        Answer answer = await _link.NextAsync(Case.RequestTrailers, PatienceFor(_requestMode));
        trailers.Apply(answer.Message?.RequestTrailers?.HeaderMutation);
        return Judge(answer, mayFailOpen: true);
    }

    // BUFFERED takes all, the other two what is here by now.
    private async Task<(List<ReadOnlyMemory<byte>> Arrived, bool End)> GatherAsync()
    {
        var arrived = new List<ReadOnlyMemory<byte>>();
        int length = 0;
        bool end = false;
        while (!end && length <= _options.BufferLimit)
        {
            ReadOnlyMemory<byte> bytes;
            if (_requestMode == BodyMode.Streamed)
            {
                if (!_body.TryRead(out bytes, out end))
                {
                    break;
                }
            }
            else
            {
                (bytes, end) = await _body.ReadAsync();
            }

            arrived.Add(bytes);
            length += bytes.Length;
        }

        return (arrived, end);
    }

    private LocalReply? CheckLength(int length)
    {
        if (_headers["content-length"] is { } announced)
        {
            if (announced != length.ToString(CultureInfo.InvariantCulture))
            {
                return LocalReply.Text(_options.StatusOnError, "", "mismatch_between_content_length_and_the_length_of_the_mutated_body");
            }

            _upstreamBody.Length = length;
        }

        return null;
    }

    private void ReplaceRequestBody(BodyMutation? mutation)
    {
        _upstreamBody.IsEmpty = false;
        _upstreamBody.Append(mutation?.Body.Memory ?? default);
        _upstreamBody.Complete();
    }

    private void ApplyModeOverride(ProcessingMode? mode)
    {
        bool duplex = _options.RequestBodyMode == BodyMode.FullDuplexStreamed || _options.ResponseBodyMode == BodyMode.FullDuplexStreamed;
        if (mode is not null && _options.AllowModeOverride && !duplex)
        {
            _requestMode = (BodyMode)mode.RequestBodyMode;
            _responseMode = (BodyMode)mode.ResponseBodyMode;
        }
    }

    private static ReadOnlyMemory<byte> Mutate(ReadOnlyMemory<byte> body, BodyMutation? mutation) => mutation?.MutationCase switch
    {
        BodyMutation.MutationOneofCase.Body => mutation.Body.Memory,
        BodyMutation.MutationOneofCase.ClearBody when mutation.ClearBody => ReadOnlyMemory<byte>.Empty,
        _ => body,
    };

    private static ReadOnlyMemory<byte> Join(List<ReadOnlyMemory<byte>> parts, int length)
    {
        if (parts.Count == 1)
        {
            return parts[0];
        }

        byte[] whole = new byte[length];
        int position = 0;
        foreach (ReadOnlyMemory<byte> part in parts)
        {
            part.CopyTo(whole.AsMemory(position));
            position += part.Length;
        }

        return whole;
    }
}

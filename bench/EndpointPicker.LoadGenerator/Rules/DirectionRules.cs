using Envoy.Service.ExtProc.V3;
using static Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types;

namespace EndpointPicker.LoadGenerator.Rules;

/// <summary>What Envoy's filter keeps of one direction, and what it takes for spurious there.</summary>
internal sealed class DirectionRules(string name, Action<string> violate)
{
    private readonly MemoryStream _sent = new();
    private readonly MemoryStream _sentBack = new();
    private bool _awaitsHeaders;
    private bool _headersSent;
    private bool _headersAnswered;
    private int _bodiesSent;
    private int _bodiesOutstanding;
    private bool _endOfStreamSent;
    private bool _endOfStreamAnswered;
    private bool _trailersSent;
    private bool _awaitsTrailers;
    private long? _announcedLength;
    private bool _lengthChanged;

    public BodySendMode Mode { get; set; }

    public bool MayRewrite { get; set; }

    /// <summary>Whether no answer could carry a header change: headers answered before their body was due, and then none came.</summary>
    public bool LeftNoAnswerForHeaders => Mode is BodySendMode.Buffered or BodySendMode.BufferedPartial && _trailersSent && _bodiesSent == 0;

    /// <summary>Whether all that was sent was answered, full-duplex bodies to their last byte.</summary>
    public bool IsSettled =>
        !_awaitsHeaders && !_awaitsTrailers && (IsFullDuplex ? !Ended || BodyIsBack : _bodiesOutstanding == 0);

    /// <summary>Whether nothing was sent that a close of the stream would lose.</summary>
    public bool NothingToLose => !IsFullDuplex || _bodiesSent == 0 || BodyIsBack;

    /// <summary>The body as it was sent back in full duplex, or as it was replaced.</summary>
    public byte[] SentBack => _sentBack.ToArray();

    public bool Started => _headersSent || _bodiesSent > 0 || _trailersSent;

    private bool IsFullDuplex => Mode is BodySendMode.FullDuplexStreamed or BodySendMode.Grpc;

    private bool Ended => _endOfStreamSent || _trailersSent;

    private bool BodyIsBack =>
        (MayRewrite || _sentBack.Length == _sent.Length)
        && (_endOfStreamSent ? _endOfStreamAnswered || _bodiesSent == 0 : _trailersSent && !_awaitsTrailers);

    public void SentHeaders(HttpHeaders headers)
    {
        _headersSent = true;
        _awaitsHeaders = true;
        _endOfStreamSent |= headers.EndOfStream;
        string? length = headers.Headers?.Headers.FirstOrDefault(line => line.Key == "content-length")?.RawValue.ToStringUtf8();
        _announcedLength = length is null ? null : long.Parse(length, System.Globalization.CultureInfo.InvariantCulture);
    }

    public void SentBody(HttpBody body)
    {
        _bodiesSent++;
        _bodiesOutstanding++;
        _endOfStreamSent |= body.EndOfStream;
        body.Body.WriteTo(_sent);
    }

    public void SentTrailers()
    {
        _trailersSent = true;
        _awaitsTrailers = true;
    }

    public void Headers(HeadersResponse answer)
    {
        if (!_awaitsHeaders)
        {
            violate($"{name}: spurious HeadersResponse, Envoy does not wait for one");
        }

        _awaitsHeaders = false;
        _headersAnswered = true;
        NoteLength(answer.Response, null);
        if (answer.Response?.BodyMutation is not null)
        {
            violate($"{name}: a body in a HeadersResponse");
        }
    }

    public void Body(BodyResponse answer)
    {
        BodyMutation? mutation = answer.Response?.BodyMutation;
        if (_bodiesSent == 0)
        {
            violate($"{name}: spurious BodyResponse, no body was sent");
        }
        else if (_headersSent && !_headersAnswered)
        {
            violate($"{name}: spurious BodyResponse before the HeadersResponse");
        }
        else if (IsFullDuplex)
        {
            FullDuplexBody(mutation);
        }
        else
        {
            AnsweredBody(answer, mutation);
        }
    }

    public void Trailers()
    {
        if (!_awaitsTrailers)
        {
            violate($"{name}: spurious TrailersResponse, Envoy does not wait for one");
        }

        _awaitsTrailers = false;
        if (_headersSent && !_headersAnswered)
        {
            violate($"{name}: TrailersResponse before the HeadersResponse");
        }

        if (IsFullDuplex ? !MayRewrite && _sentBack.Length < _sent.Length : _bodiesOutstanding > 0)
        {
            violate($"{name}: TrailersResponse before the body was answered");
        }
    }

    public void Finish()
    {
        if (_awaitsHeaders)
        {
            violate($"{name}: headers were never answered");
        }

        if (_awaitsTrailers)
        {
            violate($"{name}: trailers were never answered");
        }

        if (!IsFullDuplex && _bodiesOutstanding > 0)
        {
            violate($"{name}: {_bodiesOutstanding} body messages were never answered");
        }

        if (IsFullDuplex && Ended && !BodyIsBack)
        {
            violate($"{name}: of {_sent.Length} body bytes {_sentBack.Length} came back, end of stream {_endOfStreamAnswered}");
        }
    }

    private void FullDuplexBody(BodyMutation? mutation)
    {
        if (mutation?.MutationCase != BodyMutation.MutationOneofCase.StreamedResponse)
        {
            violate($"{name}: spurious BodyResponse, full duplex needs streamed_response");
            return;
        }

        StreamedBodyResponse part = mutation.StreamedResponse;
        if (_endOfStreamAnswered)
        {
            violate($"{name}: a body part after end of stream");
        }

        if (part.EndOfStream && !_endOfStreamSent)
        {
            violate($"{name}: end of stream although the input has not ended with it: trailers would hang");
        }

        part.Body.WriteTo(_sentBack);
        _endOfStreamAnswered |= part.EndOfStream;
        if (!MayRewrite && !IsPrefix())
        {
            violate($"{name}: body bytes differ from those sent, up to byte {_sentBack.Length}");
        }
    }

    private void AnsweredBody(BodyResponse answer, BodyMutation? mutation)
    {
        if (Mode == BodySendMode.None)
        {
            violate($"{name}: spurious BodyResponse in mode NONE");
        }

        if (_bodiesOutstanding == 0)
        {
            violate($"{name}: spurious BodyResponse, every body message is answered already");
            return;
        }

        _bodiesOutstanding--;
        if (mutation?.MutationCase == BodyMutation.MutationOneofCase.StreamedResponse)
        {
            violate($"{name}: streamed_response in mode {Mode}");
            return;
        }

        if (mutation is null)
        {
            return;
        }

        if (!MayRewrite)
        {
            violate($"{name}: a replaced body");
        }

        byte[] replaced = mutation.Body.ToByteArray();
        _sentBack.Write(replaced);
        NoteLength(answer.Response, replaced.Length);
        if (Mode == BodySendMode.Buffered && _headersSent && _announcedLength is { } announced && announced != replaced.Length && !_lengthChanged)
        {
            violate($"{name}: mismatch between content length {announced} and the length {replaced.Length} of the mutated body");
        }
    }

    private void NoteLength(CommonResponse? common, int? expected)
    {
        if (common?.HeaderMutation is not { } mutation)
        {
            return;
        }

        string? set = mutation.SetHeaders.LastOrDefault(option => option.Header.Key.Equals("content-length", StringComparison.OrdinalIgnoreCase))
            ?.Header.RawValue.ToStringUtf8();
        _lengthChanged |= mutation.RemoveHeaders.Contains("content-length")
            || (set is not null && expected is not null && set == expected.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private bool IsPrefix() =>
        _sentBack.Length <= _sent.Length
        && _sent.GetBuffer().AsSpan(0, (int)_sentBack.Length).SequenceEqual(_sentBack.GetBuffer().AsSpan(0, (int)_sentBack.Length));
}

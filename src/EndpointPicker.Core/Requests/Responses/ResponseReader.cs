namespace EndpointPicker.Core.Requests.Responses;

/// <summary>
/// Reads one answer's body as it streams by, in any split: token usage, the number of events, and whether a token came yet. It changes and
/// keeps nothing of the body. One instance serves one answer at a time; pool it with the stream. Warm, it allocates nothing.
/// </summary>
public sealed class ResponseReader
{
    private static readonly byte[] DataField = "data:"u8.ToArray();
    private static readonly byte[] EventField = "event:"u8.ToArray();

    private readonly byte[] _eventName = new byte[32];
    private readonly JsonScanner _scanner;
    private readonly UsageVisitor _visitor;
    private ResponseFormat _format;
    private Line _line;
    private int _matched;
    private int _eventNameLength;
    private bool _isPreamble;
    private bool _scanning;

    /// <summary>Makes a reader.</summary>
    public ResponseReader()
    {
        _scanner = new JsonScanner(maxDepth: 1024, checkUtf8: false);
        _visitor = new UsageVisitor(_scanner);
    }

    private enum Line : byte
    {
        Start,
        DataName,
        EventName,
        Other,
        DataStart,
        Data,
        Event,
    }

    /// <summary>Whether the answer is a stream of events.</summary>
    public bool IsStreaming { get; private set; }

    /// <summary>
    /// Whether the first token came: of a stream the first event with data that is no mere announcement (<c>response.created</c>,
    /// <c>message_start</c>, ...), of any other answer its first byte. Comments such as <c>: keep-alive</c> are no tokens.
    /// </summary>
    public bool FirstTokenSeen { get; private set; }

    /// <summary>Events with data, <c>[DONE]</c> not among them; an event may carry several tokens.</summary>
    public int Events { get; private set; }

    /// <summary>The usage as told so far, merged over all reports; <see langword="null"/> where there was none.</summary>
    public TokenUsage? Usage => _visitor.Usage;

    /// <summary>Starts an answer.</summary>
    /// <param name="format">Where the usage stands.</param>
    /// <param name="contentType">The answer's <c>content-type</c>; empty where it has none.</param>
    public void Begin(ResponseFormat format, ReadOnlySpan<byte> contentType)
    {
        _format = format;
        IsStreaming = contentType.IndexOf("text/event-stream"u8) >= 0;
        FirstTokenSeen = false;
        Events = 0;
        _line = Line.Start;
        _matched = 0;
        _isPreamble = false;
        _visitor.Reset(format);
        _scanning = !IsStreaming && format != ResponseFormat.None;
        if (_scanning)
        {
            _scanner.Begin(_visitor);
        }
    }

    /// <summary>Reads the next bytes.</summary>
    /// <param name="body">The next bytes of the body.</param>
    public void Append(ReadOnlySpan<byte> body)
    {
        if (!IsStreaming)
        {
            FirstTokenSeen |= body.Length > 0;
            if (_scanning)
            {
                _scanning = _scanner.Append(body);
            }

            return;
        }

        for (int at = 0; at < body.Length;)
        {
            at = _line switch
            {
                Line.Start => StartLine(body, at),
                Line.DataName => MatchField(body, at, DataField, Line.DataStart),
                Line.EventName => MatchField(body, at, EventField, Line.Event),
                Line.DataStart => StartData(body, at),
                Line.Data => ReadData(body, at),
                Line.Event => ReadEventName(body, at),
                _ => PassLine(body, at),
            };
        }
    }

    private int StartLine(ReadOnlySpan<byte> body, int at)
    {
        if (body[at..].StartsWith("data: "u8))
        {
            _line = Line.DataStart;
            return at + "data: "u8.Length;
        }

        switch (body[at])
        {
            case (byte)'d':
                _line = Line.DataName;
                break;
            case (byte)'e':
                _line = Line.EventName;
                break;
            case (byte)'\n':
                // A blank line ends the event and with it its name; the blank line's carriage return comes as a line of its own.
                _isPreamble = false;
                return at + 1;
            case (byte)'\r':
                return at + 1;
            default:
                _line = Line.Other;
                return at;
        }

        _matched = 0;
        return at;
    }

    private int MatchField(ReadOnlySpan<byte> body, int at, byte[] field, Line then)
    {
        for (; at < body.Length; at++)
        {
            if (body[at] != field[_matched])
            {
                _line = Line.Other;
                return at;
            }

            if (++_matched == field.Length)
            {
                _line = then;
                _eventNameLength = 0;
                return at + 1;
            }
        }

        return at;
    }

    private int StartData(ReadOnlySpan<byte> body, int at)
    {
        if (body[at] == ' ')
        {
            return at + 1;
        }

        if (body[at] is (byte)'[' or (byte)'\r' or (byte)'\n')
        {
            _line = Line.Other;
            return at;
        }

        Events++;
        FirstTokenSeen |= !_isPreamble;
        if (_format == ResponseFormat.None)
        {
            _line = Line.Other;
            return at;
        }

        ReadOnlySpan<byte> rest = body[at..];
        int end = rest.IndexOf((byte)'\n');
        if (end >= 0 && !MayTellUsage(rest[..end]))
        {
            _line = Line.Start;
            return at + end + 1;
        }

        // An event that is split may tell its usage in a part that is yet to come.
        _visitor.BeginDocument();
        _scanner.Begin(_visitor);
        _scanning = true;
        _line = Line.Data;
        return at;
    }

    private int ReadData(ReadOnlySpan<byte> body, int at)
    {
        ReadOnlySpan<byte> rest = body[at..];
        int end = rest.IndexOf((byte)'\n');
        if (_scanning)
        {
            _scanning = _scanner.Append(end < 0 ? rest : rest[..end]);
        }

        if (end < 0)
        {
            return body.Length;
        }

        _line = Line.Start;
        return at + end + 1;
    }

    private int ReadEventName(ReadOnlySpan<byte> body, int at)
    {
        for (; at < body.Length; at++)
        {
            byte value = body[at];
            if (value == '\n')
            {
                _isPreamble = IsAnnouncement(_eventName.AsSpan(0, _eventNameLength));
                _line = Line.Start;
                return at + 1;
            }

            if (value is not ((byte)' ' or (byte)'\r') && _eventNameLength < _eventName.Length)
            {
                _eventName[_eventNameLength++] = value;
            }
        }

        return at;
    }

    private int PassLine(ReadOnlySpan<byte> body, int at)
    {
        int end = body[at..].IndexOf((byte)'\n');
        if (end < 0)
        {
            return body.Length;
        }

        _line = Line.Start;
        return at + end + 1;
    }

    private bool MayTellUsage(ReadOnlySpan<byte> data)
    {
        // Most events of a stream carry no usage, or a null one; a vectorised search is ten times cheaper than scanning them.
        ReadOnlySpan<byte> key = _format == ResponseFormat.Sglang ? "\"finish_reason\""u8 : "\"usage\""u8;
        for (int at = data.IndexOf(key); at >= 0; at = data.IndexOf(key))
        {
            data = data[(at + key.Length)..];
            if (!data.TrimStart(": "u8).StartsWith("null"u8))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAnnouncement(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("response.created"u8) || name.SequenceEqual("response.in_progress"u8) || name.SequenceEqual("response.queued"u8)
        || name.SequenceEqual("message_start"u8) || name.SequenceEqual("ping"u8);
}

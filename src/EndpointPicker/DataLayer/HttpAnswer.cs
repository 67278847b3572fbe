using System.Buffers.Text;
using System.Text;

namespace EndpointPicker.DataLayer;

/// <summary>
/// Reads one HTTP/1 answer as its bytes arrive, split anywhere, and hands the body on: by length, in chunks, or up to the connection's end. Redirects are not
/// followed and codings not undone: neither is asked for.
/// </summary>
internal sealed class HttpAnswer
{
    /// <summary>The largest body that is read.</summary>
    public const long MaxBody = 8 * 1024 * 1024;

    private const int MaxLine = 8 * 1024;
    private const int MaxHeaderLines = 256;

    private Page _page = null!;
    private byte[] _line = new byte[256];
    private int _lineLength;
    private int _headerLines;
    private Stage _stage;
    private long _remaining;
    private long _body;
    private bool _chunked;

    private enum Stage
    {
        Status,
        Headers,
        Body,
        ChunkSize,
        ChunkData,
        ChunkEnd,
        Trailers,
        UntilClose,
        Complete,
        Failed,
    }

    /// <summary>Whether the answer is whole.</summary>
    public bool IsComplete => _stage == Stage.Complete;

    /// <summary>Why the answer is no good; <see cref="FetchError.None"/> while it is.</summary>
    public FetchError Error { get; private set; }

    /// <summary>The status, once its line is there.</summary>
    public int Status { get; private set; }

    /// <summary>Whether the connection can carry another request afterwards.</summary>
    public bool KeepAlive { get; private set; }

    /// <summary>Whether any byte of the answer has come.</summary>
    public bool Started { get; private set; }

    /// <summary>Starts a new answer, whose body goes to <paramref name="page"/>.</summary>
    public void Begin(Page page)
    {
        _page = page;
        _lineLength = 0;
        Started = false;
        Error = FetchError.None;
        BeginHead();
        page.Begin();
    }

    /// <summary>Takes the next bytes of the connection.</summary>
    /// <returns>Whether more are needed: the answer is neither whole nor spoilt.</returns>
    public bool Append(ReadOnlySpan<byte> bytes)
    {
        Started |= !bytes.IsEmpty;
        while (_stage < Stage.Complete && !bytes.IsEmpty)
        {
            switch (_stage)
            {
                case Stage.Body or Stage.ChunkData or Stage.UntilClose:
                    bytes = ReadBody(bytes);
                    break;
                default:
                    if (TakeLine(ref bytes, out ReadOnlySpan<byte> line))
                    {
                        ReadLine(line);
                        _lineLength = 0;
                    }

                    break;
            }
        }

        // Bytes that nobody asked for: the next answer on this connection could be mistaken.
        KeepAlive &= bytes.IsEmpty;
        return _stage < Stage.Complete;
    }

    /// <summary>Says that the peer has closed the connection.</summary>
    public void End()
    {
        KeepAlive = false;
        if (_stage == Stage.UntilClose)
        {
            _stage = Stage.Complete;
        }
        else if (_stage < Stage.Complete)
        {
            Fail(FetchError.Unreachable);
        }
    }

    private void BeginHead()
    {
        _stage = Stage.Status;
        _headerLines = 0;
        _remaining = -1;
        _body = 0;
        _chunked = false;
        Status = 0;
        KeepAlive = false;
    }

    private void Fail(FetchError error)
    {
        Error = error;
        KeepAlive = false;
        _stage = Stage.Failed;
    }

    private ReadOnlySpan<byte> ReadBody(ReadOnlySpan<byte> bytes)
    {
        int take = _stage == Stage.UntilClose ? bytes.Length : (int)Math.Min(_remaining, bytes.Length);
        _body += take;
        if (_body > MaxBody)
        {
            Fail(FetchError.TooLarge);
            return bytes;
        }

        _page.Append(bytes[..take]);
        if (_stage != Stage.UntilClose && (_remaining -= take) == 0)
        {
            _stage = _stage == Stage.Body ? Stage.Complete : Stage.ChunkEnd;
        }

        return bytes[take..];
    }

    private bool TakeLine(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> line)
    {
        int end = bytes.IndexOf((byte)'\n');
        ReadOnlySpan<byte> part = end < 0 ? bytes : bytes[..end];
        bytes = end < 0 ? default : bytes[(end + 1)..];
        line = part;
        if (end < 0 || _lineLength > 0)
        {
            if (_lineLength + part.Length > MaxLine)
            {
                Fail(FetchError.Malformed);
                return false;
            }

            if (_lineLength + part.Length > _line.Length)
            {
                Array.Resize(ref _line, Math.Min(MaxLine, 2 * (_lineLength + part.Length)));
            }

            part.CopyTo(_line.AsSpan(_lineLength));
            _lineLength += part.Length;
            line = _line.AsSpan(0, _lineLength);
        }

        line = line.TrimEnd((byte)'\r');
        return end >= 0;
    }

    private void ReadLine(ReadOnlySpan<byte> line)
    {
        switch (_stage)
        {
            case Stage.Status:
                ReadStatus(line);
                break;
            case Stage.Headers when line.IsEmpty:
                EndHead();
                break;
            case Stage.Headers:
                ReadHeader(line);
                break;
            case Stage.ChunkSize:
                ReadChunkSize(line);
                break;
            case Stage.ChunkEnd when line.IsEmpty:
                _stage = Stage.ChunkSize;
                break;
            case Stage.Trailers:
                _stage = line.IsEmpty ? Stage.Complete : Stage.Trailers;
                break;
            default:
                Fail(FetchError.Malformed);
                break;
        }
    }

    private void ReadStatus(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("HTTP/1."u8) || line.Length < 12 || line[8] != ' ' || !Utf8Parser.TryParse(line.Slice(9, 3), out int status, out int read) || read != 3)
        {
            Fail(FetchError.Malformed);
            return;
        }

        Status = status;
        KeepAlive = line[7] == '1';
        _stage = Stage.Headers;
    }

    private void ReadHeader(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        if (colon <= 0 || ++_headerLines > MaxHeaderLines)
        {
            Fail(FetchError.Malformed);
            return;
        }

        ReadOnlySpan<byte> name = line[..colon];
        ReadOnlySpan<byte> value = line[(colon + 1)..].Trim(" \t"u8);
        if (Ascii.EqualsIgnoreCase(name, "content-length"u8))
        {
            bool isLength = Utf8Parser.TryParse(value, out long length, out int read) && read == value.Length && length >= 0;
            if (!isLength || (_remaining >= 0 && _remaining != length))
            {
                Fail(FetchError.Malformed);
                return;
            }

            _remaining = length;
        }
        else if (Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8))
        {
            _chunked = Ascii.EqualsIgnoreCase(value, "chunked"u8);
            if (!_chunked)
            {
                Fail(FetchError.Malformed);
            }
        }
        else if (Ascii.EqualsIgnoreCase(name, "content-encoding"u8) && !Ascii.EqualsIgnoreCase(value, "identity"u8))
        {
            Fail(FetchError.Malformed);
        }
        else if (Ascii.EqualsIgnoreCase(name, "connection"u8))
        {
            KeepAlive = Ascii.EqualsIgnoreCase(value, "keep-alive"u8) || (KeepAlive && !Ascii.EqualsIgnoreCase(value, "close"u8));
        }
    }

    private void EndHead()
    {
        if (Status is >= 100 and < 200 and not 101)
        {
            BeginHead();
        }
        else if (Status != 200)
        {
            Fail(FetchError.Status);
        }
        else if (_chunked)
        {
            _stage = Stage.ChunkSize;
        }
        else if (_remaining < 0)
        {
            _stage = Stage.UntilClose;
            KeepAlive = false;
        }
        else if (_remaining > MaxBody)
        {
            Fail(FetchError.TooLarge);
        }
        else
        {
            _stage = _remaining == 0 ? Stage.Complete : Stage.Body;
        }
    }

    private void ReadChunkSize(ReadOnlySpan<byte> line)
    {
        int extension = line.IndexOf((byte)';');
        ReadOnlySpan<byte> digits = (extension < 0 ? line : line[..extension]).TrimEnd(" \t"u8);
        if (!Utf8Parser.TryParse(digits, out int size, out int read, 'x') || read != digits.Length || size < 0)
        {
            Fail(FetchError.Malformed);
            return;
        }

        _remaining = size;
        _stage = size == 0 ? Stage.Trailers : Stage.ChunkData;
    }
}

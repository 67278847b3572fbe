using System.Buffers.Binary;

namespace EndpointPicker.Core.Requests.Readers;

/// <summary>
/// Finds the size of an image in the beginning of its base64 text, be it a data URL or bare, as it streams: PNG, GIF and WebP in their
/// first 30 bytes, JPEG in its frame header, which metadata may put far behind.
/// </summary>
internal sealed class ImageSizeReader
{
    private const int HeadLength = 30;
    private const int MostBytes = 512 * 1024;

    private readonly byte[] _head = new byte[HeadLength];
    private State _state;
    private int _prefixLength;
    private int _bits;
    private int _bitCount;
    private int _position;
    private int _skip;
    private int _fieldAt;

    private enum State : byte
    {
        Start,
        DataUrl,
        Head,
        JpegMarker,
        JpegLength,
        JpegFrame,
        Done,
    }

    /// <summary>The width in pixels; 0 where it is not known.</summary>
    public int Width { get; private set; }

    /// <summary>The height in pixels; 0 where it is not known.</summary>
    public int Height { get; private set; }

    /// <summary>Makes the reader new for another image.</summary>
    public void Begin()
    {
        _state = State.Start;
        _prefixLength = 0;
        _bits = 0;
        _bitCount = 0;
        _position = 0;
        _skip = 0;
        _fieldAt = 0;
        Width = 0;
        Height = 0;
    }

    /// <summary>Takes the next bytes of the text.</summary>
    /// <param name="text">The next bytes.</param>
    public void Append(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length && _state != State.Done; i++)
        {
            byte value = text[i];
            switch (_state)
            {
                case State.Start:
                    ReadStart(value);
                    break;
                case State.DataUrl:
                    if (value == ',')
                    {
                        _state = State.Head;
                    }

                    break;
                default:
                    Decode(value);
                    break;
            }
        }
    }

    private void ReadStart(byte value)
    {
        ReadOnlySpan<byte> scheme = "data:"u8;
        if (value == scheme[_prefixLength])
        {
            if (++_prefixLength == scheme.Length)
            {
                _state = State.DataUrl;
            }

            return;
        }

        // Not a data URL: what looked like one so far was base64, or the address of an image that is never fetched.
        int matched = _prefixLength;
        _state = State.Head;
        for (int i = 0; i < matched; i++)
        {
            Decode(scheme[i]);
        }

        Decode(value);
    }

    private void Decode(byte value)
    {
        int six = value switch
        {
            >= (byte)'A' and <= (byte)'Z' => value - 'A',
            >= (byte)'a' and <= (byte)'z' => value - 'a' + 26,
            >= (byte)'0' and <= (byte)'9' => value - '0' + 52,
            (byte)'+' or (byte)'-' => 62,
            (byte)'/' or (byte)'_' => 63,
            _ => -1,
        };
        if (six < 0)
        {
            if (value is not ((byte)'\r' or (byte)'\n'))
            {
                _state = State.Done;
            }

            return;
        }

        _bits = (_bits << 6) | six;
        _bitCount += 6;
        if (_bitCount >= 8)
        {
            _bitCount -= 8;
            Take((byte)(_bits >> _bitCount));
        }
    }

    private void Take(byte value)
    {
        if (++_position > MostBytes)
        {
            _state = State.Done;
            return;
        }

        switch (_state)
        {
            case State.Head:
                TakeHead(value);
                break;
            case State.JpegMarker or State.JpegLength or State.JpegFrame:
                TakeJpeg(value);
                break;
        }
    }

    private void TakeHead(byte value)
    {
        _head[_position - 1] = value;
        if (_position == 2 && _head[0] == 0xFF && value == 0xD8)
        {
            _state = State.JpegMarker;
            return;
        }

        ReadOnlySpan<byte> head = _head.AsSpan(0, _position);
        if (_position == 10 && head.StartsWith("GIF8"u8))
        {
            Found(BinaryPrimitives.ReadUInt16LittleEndian(head[6..]), BinaryPrimitives.ReadUInt16LittleEndian(head[8..]));
        }
        else if (_position == 24 && head[0] == 0x89 && head[1..].StartsWith("PNG\r\n"u8))
        {
            Found(BinaryPrimitives.ReadInt32BigEndian(head[16..]), BinaryPrimitives.ReadInt32BigEndian(head[20..]));
        }
        else if (_position == HeadLength)
        {
            TakeWebP(head);
            _state = State.Done;
        }
    }

    private void TakeWebP(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("RIFF"u8) || !head[8..].StartsWith("WEBPVP8"u8))
        {
            return;
        }

        switch (head[15])
        {
            case (byte)'X':
                Found(1 + (head[24] | (head[25] << 8) | (head[26] << 16)), 1 + (head[27] | (head[28] << 8) | (head[29] << 16)));
                break;
            case (byte)'L':
                uint packed = BinaryPrimitives.ReadUInt32LittleEndian(head[21..]);
                Found(1 + (int)(packed & 0x3FFF), 1 + (int)((packed >> 14) & 0x3FFF));
                break;
            default:
                Found(BinaryPrimitives.ReadUInt16LittleEndian(head[26..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(head[28..]) & 0x3FFF);
                break;
        }
    }

    private void TakeJpeg(byte value)
    {
        if (_skip > 0)
        {
            _skip--;
            return;
        }

        switch (_state)
        {
            case State.JpegMarker:
                // Between segments stand 0xFF, any number of times, and the segment's code.
                if (value == 0xFF)
                {
                    return;
                }

                _fieldAt = 0;
                _state = value switch
                {
                    0xC4 or 0xC8 or 0xCC => State.JpegLength,
                    >= 0xC0 and <= 0xCF => State.JpegFrame,
                    0xD9 or 0xDA => State.Done,
                    0x01 or (>= 0xD0 and <= 0xD8) => State.JpegMarker,
                    _ => State.JpegLength,
                };
                break;
            case State.JpegLength:
                _head[_fieldAt++] = value;
                if (_fieldAt == 2)
                {
                    _skip = Math.Max(0, BinaryPrimitives.ReadUInt16BigEndian(_head) - 2);
                    _state = State.JpegMarker;
                }

                break;
            default:
                // Length, precision, height, width.
                _head[_fieldAt++] = value;
                if (_fieldAt == 7)
                {
                    Found(BinaryPrimitives.ReadUInt16BigEndian(_head.AsSpan(5)), BinaryPrimitives.ReadUInt16BigEndian(_head.AsSpan(3)));
                }

                break;
        }
    }

    private void Found(int width, int height)
    {
        Width = width;
        Height = height;
        _state = State.Done;
    }
}

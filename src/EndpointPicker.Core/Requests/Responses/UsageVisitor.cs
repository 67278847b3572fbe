using System.Buffers.Text;

namespace EndpointPicker.Core.Requests.Responses;

/// <summary>Finds the token usage in one JSON document of an answer and passes over all the rest.</summary>
internal sealed class UsageVisitor(JsonScanner scanner) : JsonVisitor
{
    private const int LongestNumber = 20;

    private readonly Place[] _places = new Place[8];
    private readonly byte[] _digits = new byte[LongestNumber];
    private ResponseFormat _format;
    private int _depth;
    private Place _next;
    private Field _field;
    private int _digitCount;
    private TokenUsage _block;
    private long _inputTokens;
    private long _outputTokens;
    private bool _told;

    private enum Place : byte
    {
        Elsewhere,
        Root,
        Envelope,
        Usage,
        Details,
    }

    private enum Field : byte
    {
        None,
        Prompt,
        Input,
        Completion,
        Output,
        Cached,
        Total,
    }

    /// <summary>What all documents since the last reset told.</summary>
    public TokenUsage? Usage { get; private set; }

    /// <summary>Forgets all for another answer.</summary>
    /// <param name="format">Where the usage stands.</param>
    public void Reset(ResponseFormat format)
    {
        _format = format;
        Usage = null;
        BeginDocument();
    }

    /// <summary>Makes the visitor new for another document of the same answer.</summary>
    public void BeginDocument()
    {
        _depth = 0;
        _next = Place.Root;
        _field = Field.None;
    }

    public override void ContainerStart(JsonKinds kind)
    {
        Place place = kind == JsonKinds.Object && _depth < _places.Length ? _next : Place.Elsewhere;
        _next = Place.Elsewhere;
        _field = Field.None;
        if (_depth < _places.Length)
        {
            _places[_depth] = place;
        }

        _depth++;
        if (place == Place.Elsewhere)
        {
            scanner.SkipInside();
        }
        else if (place == Place.Usage)
        {
            _block = default;
            _inputTokens = 0;
            _outputTokens = 0;
            _told = false;
        }
    }

    public override void ContainerEnd()
    {
        _depth--;
        if (_depth < _places.Length && _places[_depth] == Place.Usage)
        {
            EndUsage();
        }
    }

    public override void Name(ReadOnlySpan<byte> name)
    {
        _next = Place.Elsewhere;
        _field = Field.None;
        switch (_places[_depth - 1])
        {
            case Place.Root:
                _next = AtRoot(name);
                break;
            case Place.Envelope:
                _next = name.SequenceEqual("usage"u8) ? Place.Usage : Place.Elsewhere;
                break;
            case Place.Usage:
                _field = InUsage(name);
                break;
            case Place.Details:
                _field = name.SequenceEqual("cached_tokens"u8) ? Field.Cached : Field.None;
                break;
        }
    }

    public override void StringStart() => _digitCount = 0;

    public override void StringPiece(ReadOnlySpan<byte> utf8)
    {
        if (_field != Field.None && _digitCount + utf8.Length <= LongestNumber)
        {
            utf8.CopyTo(_digits.AsSpan(_digitCount));
            _digitCount += utf8.Length;
        }
    }

    public override void StringEnd()
    {
        if (_field != Field.None)
        {
            Number(_digits.AsSpan(0, _digitCount));
        }
    }

    public override void Number(ReadOnlySpan<byte> text)
    {
        if (_field == Field.None || !Utf8Parser.TryParse(text, out double number, out int used) || used != text.Length || !(number is >= 0 and < 1e15))
        {
            return;
        }

        long value = (long)number;
        _told |= _field != Field.Cached;
        switch (_field)
        {
            case Field.Prompt:
                _block = _block with { Prompt = value };
                break;
            case Field.Input:
                _inputTokens = value;
                break;
            case Field.Completion:
                _block = _block with { Completion = value };
                break;
            case Field.Output:
                _outputTokens = value;
                break;
            case Field.Cached:
                _block = _block with { Cached = value };
                break;
            default:
                _block = _block with { Total = value };
                break;
        }
    }

    private Place AtRoot(ReadOnlySpan<byte> name)
    {
        if (_format == ResponseFormat.Sglang)
        {
            return name.SequenceEqual("meta_info"u8) ? Place.Usage : Place.Elsewhere;
        }

        if (name.SequenceEqual("usage"u8))
        {
            return Place.Usage;
        }

        return name.SequenceEqual(_format == ResponseFormat.Anthropic ? "message"u8 : "response"u8) ? Place.Envelope : Place.Elsewhere;
    }

    private Field InUsage(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("prompt_tokens"u8))
        {
            return Field.Prompt;
        }

        if (name.SequenceEqual("completion_tokens"u8))
        {
            return Field.Completion;
        }

        if (_format == ResponseFormat.Sglang)
        {
            return name.SequenceEqual("cached_tokens"u8) ? Field.Cached : Field.None;
        }

        if (name.SequenceEqual("total_tokens"u8))
        {
            return Field.Total;
        }

        if (name.SequenceEqual("input_tokens"u8))
        {
            return Field.Input;
        }

        if (name.SequenceEqual("output_tokens"u8))
        {
            return Field.Output;
        }

        if (name.SequenceEqual("prompt_tokens_details"u8) || name.SequenceEqual("input_tokens_details"u8))
        {
            _next = Place.Details;
        }

        return name.SequenceEqual("cache_read_input_tokens"u8) && _format == ResponseFormat.Anthropic ? Field.Cached : Field.None;
    }

    private void EndUsage()
    {
        if (!_told)
        {
            return;
        }

        TokenUsage block = _block with
        {
            Prompt = _block.Prompt != 0 ? _block.Prompt : _inputTokens,
            Completion = _block.Completion != 0 ? _block.Completion : _outputTokens,
        };
        Usage = (Usage ?? default).Merge(block);
    }
}

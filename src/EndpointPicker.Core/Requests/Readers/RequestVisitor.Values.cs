using System.Buffers.Text;
using System.Globalization;

namespace EndpointPicker.Core.Requests.Readers;

internal sealed partial class RequestVisitor
{
    private const int OutputCaps = 2;
    private const int LargestKept = 4096;

    private static readonly byte[] BillingHeader = "x-anthropic-billing-header"u8.ToArray();

    private readonly long?[] _outputCaps = new long?[OutputCaps];
    private readonly uint[] _ids = new uint[256];
    private byte[] _text = new byte[256];
    private int _textLength;
    private bool _hasModel;
    private long _modelFrom;
    private long _modelTo;
    private bool _stream;
    private int _idCount;
    private int _billingMatched;
    private bool _rawOn;
    private PromptLane _rawLane;
    private byte[] _model = new byte[256];
    private int _modelLength;

    /// <summary>The body's model; empty where it has none that is a string.</summary>
    public ReadOnlySpan<byte> Model => _hasModel ? _model.AsSpan(0, _modelLength) : default;

    /// <summary>Where the model's value stands; empty where there is none.</summary>
    public Range ModelValue => (int)_modelFrom..(int)_modelTo;

    /// <summary>Whether the body asks for a streamed answer.</summary>
    public bool Stream => _stream;

    /// <summary>The cap on output tokens.</summary>
    public long? MaxOutputTokens => _outputCaps[0] ?? _outputCaps[1];

    private void ClearValues()
    {
        Array.Clear(_outputCaps);
        _hasModel = false;
        _modelFrom = 0;
        _modelTo = 0;
        _stream = false;
        _idCount = 0;
        _rawOn = false;
        _mediaOn = false;
        if (_text.Length > LargestKept)
        {
            _text = new byte[256];
        }

        if (_model.Length > LargestKept)
        {
            _model = new byte[256];
        }
    }

    // The last of several members of one name counts, so each starts by forgetting the one before.
    private void Forget(Shape shape)
    {
        switch (shape.Action)
        {
            case ShapeAction.Model:
                _hasModel = false;
                break;
            case ShapeAction.Stream:
                _stream = false;
                break;
            case ShapeAction.OutputCap:
                _outputCaps[shape.Rank] = null;
                break;
        }
    }

    private void StartContainer(Shape shape, JsonKinds kind)
    {
        Forget(shape);
        switch (shape.Action)
        {
            case ShapeAction.Raw:
                StartRaw(shape);
                break;
            case ShapeAction.Prompt when kind == JsonKinds.Array:
                StartPrompt();
                break;
            case ShapeAction.Media:
                StartMedia(shape);
                break;
            case ShapeAction.Model:
                _modelFrom = scanner.Mark;
                break;
        }
    }

    private void EndContainer(Shape shape)
    {
        switch (shape.Action)
        {
            case ShapeAction.Raw:
                StopRaw();
                break;
            case ShapeAction.Prompt:
                FlushIds();
                break;
            case ShapeAction.Media:
                EndMedia();
                break;
            case ShapeAction.Model:
                _modelTo = scanner.Mark;
                break;
        }
    }

    private void StartString(Shape shape)
    {
        Forget(shape);
        switch (shape.Action)
        {
            case ShapeAction.Model:
                _modelFrom = scanner.Mark;
                _modelLength = 0;
                break;
            case ShapeAction.Salt:
                _textLength = 0;
                break;
            case ShapeAction.Raw:
                StartRaw(shape);
                break;
            case ShapeAction.Prompt:
                StartPrompt();
                break;
            case ShapeAction.SystemText:
                _billingMatched = 0;
                break;
            case ShapeAction.Media:
                StartMedia(shape);
                break;
            case ShapeAction.MediaContent:
                StartMediaContent();
                break;
            case ShapeAction.InlineMedia:
                if (_rawOn)
                {
                    scanner.StopRaw();
                }

                StartMedia(shape);
                break;
        }
    }

    private void TakePiece(ReadOnlySpan<byte> utf8)
    {
        switch (_action)
        {
            case ShapeAction.Model:
                Keep(ref _model, ref _modelLength, utf8);
                break;
            case ShapeAction.Salt:
                Keep(ref _text, ref _textLength, utf8);
                break;
            case ShapeAction.SystemText:
                TakeSystemText(utf8);
                break;
            case ShapeAction.Media or ShapeAction.MediaContent or ShapeAction.InlineMedia:
                TakeMedia(utf8);
                break;
        }
    }

    private void EndString()
    {
        ShapeAction action = _action;
        _action = ShapeAction.None;
        switch (action)
        {
            case ShapeAction.Model:
                _hasModel = true;
                _modelTo = scanner.Mark;
                break;
            case ShapeAction.Salt:
                _sink?.Salt(_text.AsSpan(0, _textLength));
                break;
            case ShapeAction.Raw:
                StopRaw();
                break;
            case ShapeAction.SystemText when _billingMatched < BillingHeader.Length:
                _sink?.Text(PromptLane.System, BillingHeader.AsSpan(0, Math.Max(_billingMatched, 0)));
                break;
            case ShapeAction.Media:
                EndMedia();
                break;
            case ShapeAction.InlineMedia:
                EndMedia();
                if (_rawOn)
                {
                    scanner.StartRaw();
                }

                break;
        }
    }

    private void TakeNumber(Shape shape, ReadOnlySpan<byte> text)
    {
        Forget(shape);
        switch (shape.Action)
        {
            case ShapeAction.Prompt or ShapeAction.CheckedId:
                TakeId(shape, text);
                break;
            case ShapeAction.OutputCap:
                _outputCaps[shape.Rank] = TryInteger(text, out long cap) ? cap : null;
                break;
            case ShapeAction.Raw:
                _sink?.Text(shape.Lane, text);
                break;
            case ShapeAction.Model:
                TakeScalarModel();
                break;
            case ShapeAction.None when shape.Allowed == (JsonKinds.Number | JsonKinds.Null) && !IsInteger(text):
                NoteNumber("an integer", text);
                break;
        }
    }

    private void TakeLiteral(Shape shape, JsonKinds kind)
    {
        Forget(shape);
        switch (shape.Action)
        {
            case ShapeAction.Stream:
                _stream = kind == JsonKinds.True;
                break;
            case ShapeAction.Raw when kind != JsonKinds.Null:
                _sink?.Text(shape.Lane, kind == JsonKinds.True ? "true"u8 : "false"u8);
                break;
            case ShapeAction.Model:
                TakeScalarModel();
                break;
        }
    }

    private void TakeScalarModel()
    {
        _modelFrom = scanner.ScalarStart;
        _modelTo = scanner.Mark;
    }

    private void StartPrompt()
    {
        if (_depth >= 2 && _frames[_depth - 1].Index > 0)
        {
            FlushIds();
            _sink?.NextPrompt();
        }
    }

    private void TakeId(Shape shape, ReadOnlySpan<byte> text)
    {
        if (!Utf8Parser.TryParse(text, out uint id, out int used) || used != text.Length)
        {
            if (!TryInteger(text, out long value) || value > uint.MaxValue)
            {
                NoteNumber("a token id (an integer from 0 to 4294967295)", text);
                return;
            }

            id = (uint)value;
        }

        if (_sink is null || shape.Action == ShapeAction.CheckedId)
        {
            return;
        }

        _ids[_idCount++] = id;
        if (_idCount == _ids.Length)
        {
            FlushIds();
        }
    }

    private void FlushIds()
    {
        if (_idCount > 0)
        {
            _sink?.Tokens(PromptLane.Messages, _ids.AsSpan(0, _idCount));
            _idCount = 0;
        }
    }

    private void TakeSystemText(ReadOnlySpan<byte> utf8)
    {
        // The part that matched so far is the header's own beginning, so nothing of the body has to be held back.
        while (_billingMatched >= 0 && _billingMatched < BillingHeader.Length && utf8.Length > 0)
        {
            if (utf8[0] != BillingHeader[_billingMatched])
            {
                _sink?.Text(PromptLane.System, BillingHeader.AsSpan(0, _billingMatched));
                _billingMatched = -1;
                break;
            }

            _billingMatched++;
            utf8 = utf8[1..];
        }

        if (_billingMatched < 0)
        {
            _sink?.Text(PromptLane.System, utf8);
        }
    }

    private void StartRaw(Shape shape)
    {
        if (_sink is not null)
        {
            _rawOn = true;
            _rawLane = shape.Lane;
            scanner.StartRaw();
        }
    }

    private void StopRaw()
    {
        if (_rawOn)
        {
            _rawOn = false;
            scanner.StopRaw();
        }
    }

    private static void Keep(ref byte[] buffer, ref int length, ReadOnlySpan<byte> piece)
    {
        if (length + piece.Length > buffer.Length)
        {
            Array.Resize(ref buffer, Math.Max(length + piece.Length, buffer.Length * 2));
        }

        piece.CopyTo(buffer.AsSpan(length));
        length += piece.Length;
    }

    private static bool IsInteger(ReadOnlySpan<byte> text) => text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') is -1 or 0 && text.LastIndexOf((byte)'-') <= 0;

    // A number counts by its value: 1e2 and 100.0 are integers to a JSON reader that knows floating point alone.
    private static bool TryInteger(ReadOnlySpan<byte> text, out long value)
    {
        if (Utf8Parser.TryParse(text, out value, out int used) && used == text.Length)
        {
            return value >= 0;
        }

        value = 0;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            || number < 0 || number >= long.MaxValue || number != Math.Floor(number))
        {
            return false;
        }

        value = (long)number;
        return true;
    }
}

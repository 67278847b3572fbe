using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EndpointPicker.Core.Requests;

/// <summary>
/// Replaces the model in a request body, or puts one in where there is none, while the body is copied piece by piece; every other byte stays
/// as it came. One instance serves one body at a time; pool it with the stream.
/// </summary>
public sealed class ModelReplacement
{
    private string _model = "";
    private byte[] _quoted = [];
    private byte[] _member = [];
    private long _from;
    private long _to;
    private long _position;
    private bool _inserts;

    /// <summary>How many bytes longer the body becomes; negative where it becomes shorter.</summary>
    public long LengthChange { get; private set; }

    /// <summary>Starts a body that was read.</summary>
    /// <param name="request">The request, with its model's place.</param>
    /// <param name="model">The model to put there.</param>
    /// <returns>Whether the body has a place for it; where not, leave the body as it is.</returns>
    public bool Begin(InferenceRequest request, string model)
    {
        _position = 0;
        _from = request.ModelValue.Start.Value;
        _to = request.ModelValue.End.Value;
        _inserts = _to == 0;
        if (_inserts)
        {
            _from = _to = request.ModelInsertion;
        }

        if (!ReferenceEquals(_model, model))
        {
            _model = model;
            _quoted = [(byte)'"', .. JsonEncodedText.Encode(model, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, (byte)'"'];
            _member = [.. "\"model\":"u8, .. _quoted, (byte)','];
        }

        LengthChange = Put.Length - (_to - _from);
        return _to > 0;
    }

    private ReadOnlySpan<byte> Put => _inserts ? _member : _quoted;

    /// <summary>Copies the next bytes of the body.</summary>
    /// <param name="input">The next bytes, in any split.</param>
    /// <param name="output">Takes them, with the model replaced.</param>
    public void Write(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        long start = _position;
        long end = start + input.Length;
        _position = end;
        if (start < _from)
        {
            output.Write(input[..(int)Math.Min(_from - start, input.Length)]);
        }

        if (start <= _from && _from < end)
        {
            output.Write(Put);
        }

        if (end > _to)
        {
            output.Write(input[(int)Math.Max(0, _to - start)..]);
        }
    }
}

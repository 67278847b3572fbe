using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace EndpointPicker.Cluster.Api;

/// <summary>Cuts a stream into the JSON objects that stand in it one after the other, wherever its reads are split. Each byte is scanned once.</summary>
/// <param name="input">The stream.</param>
/// <param name="limit">The most bytes that an object may have.</param>
internal sealed class JsonFrames(PipeReader input, long limit)
{
    // Far beyond the runtime's 64, which the field ownership of a deep custom resource can exceed.
    private const int MaxDepth = 512;

    /// <summary>How the frames are to be read.</summary>
    public static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    private JsonReaderState _state = new(Options);
    private long _scanned;
    private SequencePosition? _end;

    /// <summary>Waits for the next object; the one before it is no longer valid then.</summary>
    /// <returns>Its bytes; <see langword="null"/> at the stream's end.</returns>
    /// <exception cref="JsonException">What came is no JSON object.</exception>
    /// <exception cref="InvalidDataException">The stream ended within an object, or the object is too large.</exception>
    public async ValueTask<ReadOnlySequence<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        if (_end is { } end)
        {
            _end = null;
            input.AdvanceTo(end);
        }

        while (true)
        {
            ReadResult read = await input.ReadAsync(cancellationToken);
            if (TryCut(read.Buffer, out ReadOnlySequence<byte> frame))
            {
                _end = frame.End;
                return frame.Length <= limit ? frame : throw TooLarge();
            }

            if (read.IsCompleted)
            {
                return IsBlank(read.Buffer) ? null : throw new InvalidDataException("the stream ended within an object");
            }

            if (read.Buffer.Length > limit)
            {
                throw TooLarge();
            }

            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private InvalidDataException TooLarge() => new($"an object is larger than {limit} bytes");

    private static bool IsBlank(ReadOnlySequence<byte> rest)
    {
        foreach (ReadOnlyMemory<byte> piece in rest)
        {
            if (piece.Span.ContainsAnyExcept(" \t\r\n"u8))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryCut(ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> frame)
    {
        Utf8JsonReader json = new(buffer.Slice(_scanned), isFinalBlock: false, _state);
        while (json.Read())
        {
            if (json.CurrentDepth == 0 && json.TokenType != JsonTokenType.StartObject)
            {
                frame = json.TokenType == JsonTokenType.EndObject ? buffer.Slice(0, _scanned + json.BytesConsumed) : throw new JsonException("no object");
                _state = new JsonReaderState(Options);
                _scanned = 0;
                return true;
            }
        }

        _state = json.CurrentState;
        _scanned += json.BytesConsumed;
        frame = default;
        return false;
    }
}

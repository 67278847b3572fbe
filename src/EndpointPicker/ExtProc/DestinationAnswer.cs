using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Scheduling;
using Endpoint = EndpointPicker.Core.Endpoints.Endpoint;

namespace EndpointPicker.ExtProc;

/// <summary>The chosen endpoints as the proxy takes them: one header, and the same value in dynamic metadata.</summary>
internal sealed class DestinationAnswer
{
    private const byte FieldsTag = 0x0A;
    private const byte KeyTag = 0x0A;
    private const byte ValueTag = 0x12;
    private const byte NumberTag = 0x11;
    private const byte StringTag = 0x1A;
    private const byte StructTag = 0x2A;
    private const int SizeOfNumber = 1 + sizeof(double);

    public static ReadOnlySpan<byte> HeaderName => "x-gateway-destination-endpoint"u8;

    private static ReadOnlySpan<byte> MetadataNamespace => "envoy.lb"u8;

    private static ReadOnlySpan<byte> ScoresName => "x-gateway-destination-endpoint-scores"u8;

    private byte[] _value = new byte[128];
    private byte[] _metadata = new byte[256];
    private int _valueLength;
    private int _metadataLength;

    public ReadOnlySpan<byte> Value => _value.AsSpan(0, _valueLength);

    /// <summary>The encoded <c>google.protobuf.Struct</c>.</summary>
    public ReadOnlySpan<byte> Metadata => _metadata.AsSpan(0, _metadataLength);

    public void Set(RequestState state)
    {
        _valueLength = 0;
        foreach (Endpoint pick in state.Picks)
        {
            if (_valueLength > 0)
            {
                Append(","u8);
            }

            Append(pick.DestinationUtf8.Span);
        }

        WriteMetadata(state.Scores);
    }

    public void Clear()
    {
        _valueLength = 0;
        _metadataLength = 0;
    }

    private void Append(ReadOnlySpan<byte> part)
    {
        if (_valueLength + part.Length > _value.Length)
        {
            Array.Resize(ref _value, Math.Max(_valueLength + part.Length, _value.Length * 2));
        }

        part.CopyTo(_value.AsSpan(_valueLength));
        _valueLength += part.Length;
    }

    // {"envoy.lb": {"x-gateway-destination-endpoint": "<value>", "x-gateway-destination-endpoint-scores": {"<endpoint>": <total>}}}: a struct's
    // fields are map entries of key 1 and value 2, and a value holds a number in 2, a string in 3 and a struct in 5.
    private void WriteMetadata(EndpointScores scores)
    {
        int text = WireWriter.SizeOfField(_valueLength);
        int destination = WireWriter.SizeOfField(HeaderName.Length) + WireWriter.SizeOfField(text);
        int table = SizeOfTable(scores);
        int tableValue = WireWriter.SizeOfField(table);
        int tableEntry = WireWriter.SizeOfField(ScoresName.Length) + WireWriter.SizeOfField(tableValue);
        int inner = WireWriter.SizeOfField(destination) + (table > 0 ? WireWriter.SizeOfField(tableEntry) : 0);
        int outerValue = WireWriter.SizeOfField(inner);
        int outerEntry = WireWriter.SizeOfField(MetadataNamespace.Length) + WireWriter.SizeOfField(outerValue);
        _metadataLength = WireWriter.SizeOfField(outerEntry);
        if (_metadata.Length < _metadataLength)
        {
            _metadata = new byte[_metadataLength * 2];
        }

        WireWriter writer = new(_metadata);
        writer.Begin(FieldsTag, outerEntry);
        writer.Field(KeyTag, MetadataNamespace);
        writer.Begin(ValueTag, outerValue);
        writer.Begin(StructTag, inner);
        writer.Begin(FieldsTag, destination);
        writer.Field(KeyTag, HeaderName);
        writer.Begin(ValueTag, text);
        writer.Field(StringTag, Value);
        if (table > 0)
        {
            writer.Begin(FieldsTag, tableEntry);
            writer.Field(KeyTag, ScoresName);
            writer.Begin(ValueTag, tableValue);
            writer.Begin(StructTag, table);
            WriteTable(ref writer, scores);
        }
    }

    private static int SizeOfTable(EndpointScores scores)
    {
        int size = 0;
        foreach (Endpoint endpoint in scores.Endpoints)
        {
            size += WireWriter.SizeOfField(SizeOfRow(endpoint));
        }

        return size;
    }

    private static int SizeOfRow(Endpoint endpoint) =>
        WireWriter.SizeOfField(endpoint.DestinationUtf8.Length) + WireWriter.SizeOfField(SizeOfNumber);

    private static void WriteTable(ref WireWriter writer, EndpointScores scores)
    {
        for (int i = 0; i < scores.Count; i++)
        {
            Endpoint endpoint = scores.Endpoints[i];
            writer.Begin(FieldsTag, SizeOfRow(endpoint));
            writer.Field(KeyTag, endpoint.DestinationUtf8.Span);
            writer.Begin(ValueTag, SizeOfNumber);
            writer.Fixed64(NumberTag, BitConverter.DoubleToUInt64Bits(scores.Totals[i]));
        }
    }
}

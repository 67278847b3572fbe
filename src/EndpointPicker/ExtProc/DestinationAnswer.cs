using EndpointPicker.Core.RequestControl;
using Endpoint = EndpointPicker.Core.Endpoints.Endpoint;

namespace EndpointPicker.ExtProc;

/// <summary>The chosen endpoints as the proxy takes them: one header, and the same value in dynamic metadata.</summary>
internal sealed class DestinationAnswer
{
    public static ReadOnlySpan<byte> HeaderName => "x-gateway-destination-endpoint"u8;

    private static ReadOnlySpan<byte> MetadataNamespace => "envoy.lb"u8;

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

        WriteMetadata();
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

    // {"envoy.lb": {"x-gateway-destination-endpoint": "<value>"}}: a struct's fields are map entries of key 1 and value 2, and a value holds a
    // string in 3 and a struct in 5.
    private void WriteMetadata()
    {
        int text = WireWriter.SizeOfField(_valueLength);
        int innerEntry = WireWriter.SizeOfField(HeaderName.Length) + WireWriter.SizeOfField(text);
        int inner = WireWriter.SizeOfField(innerEntry);
        int outerValue = WireWriter.SizeOfField(inner);
        int outerEntry = WireWriter.SizeOfField(MetadataNamespace.Length) + WireWriter.SizeOfField(outerValue);
        _metadataLength = WireWriter.SizeOfField(outerEntry);
        if (_metadata.Length < _metadataLength)
        {
            _metadata = new byte[_metadataLength * 2];
        }

        WireWriter writer = new(_metadata);
        writer.Begin(0x0A, outerEntry);
        writer.Field(0x0A, MetadataNamespace);
        writer.Begin(0x12, outerValue);
        writer.Begin(0x2A, inner);
        writer.Begin(0x0A, innerEntry);
        writer.Field(0x0A, HeaderName);
        writer.Begin(0x12, text);
        writer.Field(0x1A, Value);
    }
}

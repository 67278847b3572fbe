namespace EndpointPicker.ExtProc;

/// <summary>
/// The header changes of one answer, kept as an encoded <c>HeaderMutation</c>. Values go out in <c>raw_value</c> alone and always overwrite:
/// the one way that gives the same result on every Envoy build.
/// </summary>
internal sealed class HeaderMutationBuffer
{
    private const byte SetHeadersTag = 0x0A;
    private const byte RemoveHeadersTag = 0x12;
    private const byte OverwriteIfExistsOrAdd = 2;

    private byte[] _bytes = new byte[512];
    private int _used;

    public ReadOnlySpan<byte> Encoded => _bytes.AsSpan(0, _used);

    public void Set(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        int header = WireWriter.SizeOfField(name.Length) + WireWriter.SizeOfOptional(value.Length);
        int option = WireWriter.SizeOfField(header) + 2;
        WireWriter writer = new(Room(WireWriter.SizeOfField(option)));
        writer.Begin(SetHeadersTag, option);
        writer.Begin(0x0A, header);
        writer.Field(0x0A, name);
        writer.Optional(0x1A, value);
        writer.Number(0x18, OverwriteIfExistsOrAdd);
    }

    public void Remove(ReadOnlySpan<byte> name)
    {
        WireWriter writer = new(Room(WireWriter.SizeOfField(name.Length)));
        writer.Field(RemoveHeadersTag, name);
    }

    public void Clear()
    {
        _used = 0;
        if (_bytes.Length > 64 * 1024)
        {
            _bytes = new byte[512];
        }
    }

    private Span<byte> Room(int length)
    {
        if (_used + length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_used + length, _bytes.Length * 2));
        }

        Span<byte> room = _bytes.AsSpan(_used, length);
        _used += length;
        return room;
    }
}

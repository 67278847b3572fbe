using EndpointPicker.Core.Requests;
using EndpointPicker.Grpc;

namespace EndpointPicker.ExtProc;

internal sealed partial class ProcessingRequestReader
{
    private const uint EntryKeyTag = 0x0A;
    private const uint EntryValueTag = 0x12;
    private const uint StructFieldsTag = 0x0A;
    private const uint NumberValueTag = 0x11;
    private const uint StringValueTag = 0x1A;
    private const uint ListValueTag = 0x32;

    private bool TryReadMetadata(ReadOnlySpan<byte> part, ProcessingMessage message, EndpointSubset subset)
    {
        WireCursor cursor = new(part);
        while (!cursor.AtEnd)
        {
            if (!cursor.TryReadTag(out uint tag))
            {
                return false;
            }

            if (tag != 0x0A)
            {
                if (!cursor.TrySkip(tag))
                {
                    return false;
                }

                continue;
            }

            if (!cursor.TryReadBytes(out ReadOnlySpan<byte> entry)
                || !TryReadEntry(entry, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> space)
                || !TryReadNamespace(name, space, message, subset))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryReadNamespace(ReadOnlySpan<byte> name, ReadOnlySpan<byte> space, ProcessingMessage message, EndpointSubset subset)
    {
        if (name.SequenceEqual("envoy.lb.subset_hint"u8))
        {
            return TryFind(space, "x-gateway-destination-endpoint-subset"u8, out bool found, out ReadOnlySpan<byte> hint)
                && (!found || TryReadSubset(hint, subset));
        }

        if (name.SequenceEqual("envoy.lb"u8))
        {
            if (!TryFind(space, "x-gateway-destination-endpoint-served"u8, out bool found, out ReadOnlySpan<byte> served))
            {
                return false;
            }

            if (found)
            {
                if (!TryReadValue(served, out uint kind, out _, out ReadOnlySpan<byte> address))
                {
                    return false;
                }

                if (kind == StringValueTag)
                {
                    message.SetServed(address, byMetadata: true);
                }
            }
        }

        return true;
    }

    private bool TryReadSubset(ReadOnlySpan<byte> hint, EndpointSubset subset)
    {
        if (!TryReadValue(hint, out uint kind, out _, out ReadOnlySpan<byte> content))
        {
            return false;
        }

        if (kind == StringValueTag && acceptTextSubset)
        {
            subset.Begin();
            AddParts(content, subset);
            return true;
        }

        return kind != ListValueTag || TryReadList(content, subset);
    }

    private static void AddParts(ReadOnlySpan<byte> text, EndpointSubset subset)
    {
        foreach (Range range in text.Split((byte)','))
        {
            ReadOnlySpan<byte> part = text[range].Trim((byte)' ');
            if (!part.IsEmpty)
            {
                subset.Add(part);
            }
        }
    }

    private static bool TryReadList(ReadOnlySpan<byte> list, EndpointSubset subset)
    {
        subset.Begin();
        WireCursor cursor = new(list);
        while (!cursor.AtEnd)
        {
            if (!cursor.TryReadTag(out uint tag))
            {
                return false;
            }

            if (tag != 0x0A)
            {
                if (!cursor.TrySkip(tag))
                {
                    return false;
                }

                continue;
            }

            if (!cursor.TryReadBytes(out ReadOnlySpan<byte> item) || !TryReadValue(item, out uint kind, out _, out ReadOnlySpan<byte> text))
            {
                return false;
            }

            if (kind == StringValueTag)
            {
                subset.Add(text);
            }
        }

        return true;
    }

    private bool TryReadAttributes(ReadOnlySpan<byte> entry, ProcessingMessage message, InferenceRequest request)
    {
        if (!TryReadEntry(entry, out _, out ReadOnlySpan<byte> attributes))
        {
            return false;
        }

        WireCursor cursor = new(attributes);
        while (!cursor.AtEnd)
        {
            if (!cursor.TryReadTag(out uint tag))
            {
                return false;
            }

            if (tag != StructFieldsTag)
            {
                if (!cursor.TrySkip(tag))
                {
                    return false;
                }

                continue;
            }

            if (!cursor.TryReadBytes(out ReadOnlySpan<byte> field)
                || !TryReadEntry(field, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
                || !TryReadValue(value, out uint kind, out double number, out ReadOnlySpan<byte> text))
            {
                return false;
            }

            if (readRouteName && kind == StringValueTag && name.SequenceEqual("xds.route_name"u8))
            {
                request.SetRouteName(text);
            }

            TakeAttribute(name, kind, number, text, message);
        }

        return true;
    }

    private static void TakeAttribute(ReadOnlySpan<byte> name, uint kind, double number, ReadOnlySpan<byte> text, ProcessingMessage message)
    {
        if (kind == StringValueTag && name.SequenceEqual("upstream.address"u8))
        {
            message.SetServed(text, byMetadata: false);
        }
        else if (kind == NumberValueTag && number is >= 0 and < 1UL << 53)
        {
            if (name.SequenceEqual("response.flags"u8))
            {
                message.ResponseFlags = (ulong)number;
            }
            else if (name.SequenceEqual("upstream.request_attempt_count"u8))
            {
                message.Attempts = (int)Math.Min(number, int.MaxValue);
            }
        }
    }

    private static bool TryFind(ReadOnlySpan<byte> @struct, ReadOnlySpan<byte> wanted, out bool found, out ReadOnlySpan<byte> value)
    {
        found = false;
        value = default;
        WireCursor cursor = new(@struct);
        while (!cursor.AtEnd)
        {
            if (!cursor.TryReadTag(out uint tag))
            {
                return false;
            }

            if (tag != StructFieldsTag)
            {
                if (!cursor.TrySkip(tag))
                {
                    return false;
                }

                continue;
            }

            if (!cursor.TryReadBytes(out ReadOnlySpan<byte> entry)
                || !TryReadEntry(entry, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> candidate))
            {
                return false;
            }

            if (key.SequenceEqual(wanted))
            {
                found = true;
                value = candidate;
            }
        }

        return true;
    }

    private static bool TryReadEntry(ReadOnlySpan<byte> entry, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        key = default;
        value = default;
        WireCursor cursor = new(entry);
        while (!cursor.AtEnd)
        {
            if (!cursor.TryReadTag(out uint tag))
            {
                return false;
            }

            bool read = tag switch
            {
                EntryKeyTag => cursor.TryReadBytes(out key),
                EntryValueTag => cursor.TryReadBytes(out value),
                _ => cursor.TrySkip(tag),
            };
            if (!read)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads a <c>google.protobuf.Value</c>: <paramref name="kind"/> is the tag of what it holds, 0 for nothing.</summary>
    private static bool TryReadValue(ReadOnlySpan<byte> value, out uint kind, out double number, out ReadOnlySpan<byte> content)
    {
        kind = 0;
        number = 0;
        content = default;
        WireCursor cursor = new(value);
        while (!cursor.AtEnd)
        {
            if (!cursor.TryReadTag(out uint tag))
            {
                return false;
            }

            bool read;
            switch (tag)
            {
                case NumberValueTag:
                    read = cursor.TryReadFixed64(out ulong bits);
                    number = BitConverter.UInt64BitsToDouble(bits);
                    break;
                case StringValueTag or ListValueTag:
                    read = cursor.TryReadBytes(out content);
                    break;
                default:
                    read = cursor.TrySkip(tag);
                    break;
            }

            if (!read)
            {
                return false;
            }

            kind = tag is 0x08 or NumberValueTag or StringValueTag or 0x20 or 0x2A or ListValueTag ? tag : kind;
        }

        return true;
    }
}

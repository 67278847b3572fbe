using System.Buffers;
using EndpointPicker.Core.Requests;
using EndpointPicker.Grpc;

namespace EndpointPicker.ExtProc;

/// <summary>
/// Reads <c>envoy.service.ext_proc.v3.ProcessingRequest</c> without objects: headers go into a table, the body stays where it lies, and all
/// that is not asked for is passed over. Memory is bounded by the message's own length.
/// </summary>
/// <param name="acceptTextSubset">Whether a subset hint may be a comma-separated string instead of a list.</param>
/// <param name="readRouteName">Whether the name of the proxy's route is wanted.</param>
internal sealed partial class ProcessingRequestReader(bool acceptTextSubset, bool readRouteName = false)
{
    // Envoy's own limit is 100 unless configured higher; a line costs two bytes on the wire and twelve in the table.
    private const int MostHeaderLines = 16 * 1024;

    private const uint RequestHeadersTag = 0x12;
    private const uint ResponseHeadersTag = 0x1A;
    private const uint RequestBodyTag = 0x22;
    private const uint ResponseBodyTag = 0x2A;
    private const uint RequestTrailersTag = 0x32;
    private const uint ResponseTrailersTag = 0x3A;
    private const uint MetadataContextTag = 0x42;
    private const uint AttributesTag = 0x4A;
    private const uint ObservabilityModeTag = 0x50;
    private const uint ProtocolConfigTag = 0x5A;

    /// <summary>Reads one message.</summary>
    /// <param name="input">The whole message, in any split.</param>
    /// <param name="message">Takes what was read.</param>
    /// <param name="request">Takes the request's headers and its subset.</param>
    /// <returns>Whether the message is well formed.</returns>
    public bool TryRead(in ReadOnlySequence<byte> input, ProcessingMessage message, InferenceRequest request)
    {
        message.Clear();
        SequenceCursor cursor = new(input);
        while (!cursor.AtEnd)
        {
            if (!cursor.TryReadTag(out uint tag))
            {
                return false;
            }

            bool read = tag switch
            {
                RequestHeadersTag or ResponseHeadersTag or RequestBodyTag or ResponseBodyTag or RequestTrailersTag or ResponseTrailersTag
                    or MetadataContextTag or AttributesTag or ProtocolConfigTag =>
                    cursor.TryReadBytes(out ReadOnlySequence<byte> part) && TryReadPart(tag, part, message, request),
                ObservabilityModeTag => TryReadFlag(ref cursor, message),
                _ => cursor.TrySkip(tag),
            };

            if (!read)
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryReadFlag(ref SequenceCursor cursor, ProcessingMessage message)
    {
        bool read = cursor.TryReadVarint(out ulong value);
        message.ObservabilityMode = value != 0;
        return read;
    }

    private bool TryReadPart(uint tag, in ReadOnlySequence<byte> part, ProcessingMessage message, InferenceRequest request)
    {
        if (tag is RequestBodyTag or ResponseBodyTag)
        {
            BeginKind(tag, message, request);
            return TryReadBody(part, message);
        }

        if (part.IsSingleSegment)
        {
            return TryReadContiguous(tag, part.FirstSpan, message, request);
        }

        int length = (int)part.Length;
        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        part.CopyTo(rented);
        bool read = TryReadContiguous(tag, rented.AsSpan(0, length), message, request);
        ArrayPool<byte>.Shared.Return(rented);
        return read;
    }

    private bool TryReadContiguous(uint tag, ReadOnlySpan<byte> part, ProcessingMessage message, InferenceRequest request)
    {
        switch (tag)
        {
            case RequestHeadersTag:
                BeginKind(tag, message, request);
                return TryReadHeaders(part, message, request.Headers);
            case ResponseHeadersTag:
                BeginKind(tag, message, request);
                return TryReadHeaders(part, message, message.ResponseHeaders);
            case MetadataContextTag:
                return TryReadMetadata(part, message, request.Subset);
            case AttributesTag:
                return TryReadAttributes(part, message, request);
            case ProtocolConfigTag:
                message.HasProtocolConfig = true;
                return TryReadProtocolConfig(part, message);
            default:
                BeginKind(tag, message, request);
                return true;
        }
    }

    private static void BeginKind(uint tag, ProcessingMessage message, InferenceRequest request)
    {
        MessageKind kind = (MessageKind)(tag >> 3);
        if (kind == message.Kind)
        {
            return;
        }

        if (kind == MessageKind.RequestHeaders || message.Kind == MessageKind.RequestHeaders)
        {
            request.Headers.Clear();
        }

        message.BeginKind(kind);
    }

    private static bool TryReadBody(in ReadOnlySequence<byte> part, ProcessingMessage message)
    {
        SequenceCursor cursor = new(part);
        while (!cursor.AtEnd)
        {
            if (!cursor.TryReadTag(out uint tag))
            {
                return false;
            }

            ulong value = 0;
            bool read;
            switch (tag)
            {
                case 0x0A:
                    read = cursor.TryReadBytes(out ReadOnlySequence<byte> body);
                    message.Body = body;
                    break;
                case 0x10:
                    read = cursor.TryReadVarint(out value);
                    message.EndOfStream = value != 0;
                    break;
                case 0x18:
                    read = cursor.TryReadVarint(out value);
                    message.EndWithoutMessage = value != 0;
                    break;
                case 0x20:
                    read = cursor.TryReadVarint(out value);
                    message.GrpcMessageCompressed = value != 0;
                    break;
                default:
                    read = cursor.TrySkip(tag);
                    break;
            }

            if (!read)
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryReadHeaders(ReadOnlySpan<byte> part, ProcessingMessage message, HeaderTable headers)
    {
        WireCursor cursor = new(part);
        while (!cursor.AtEnd)
        {
            if (!cursor.TryReadTag(out uint tag))
            {
                return false;
            }

            bool read;
            if (tag == 0x0A)
            {
                read = cursor.TryReadBytes(out ReadOnlySpan<byte> map) && TryReadHeaderMap(map, headers);
            }
            else if (tag == 0x18)
            {
                read = cursor.TryReadVarint(out ulong value);
                message.EndOfStream = value != 0;
            }
            else
            {
                read = cursor.TrySkip(tag);
            }

            if (!read)
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryReadHeaderMap(ReadOnlySpan<byte> map, HeaderTable headers)
    {
        WireCursor cursor = new(map);
        while (!cursor.AtEnd)
        {
            if (!cursor.TryReadTag(out uint tag))
            {
                return false;
            }

            bool read = tag == 0x0A
                ? headers.Count < MostHeaderLines && cursor.TryReadBytes(out ReadOnlySpan<byte> line) && TryReadHeaderLine(line, headers)
                : cursor.TrySkip(tag);
            if (!read)
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryReadHeaderLine(ReadOnlySpan<byte> line, HeaderTable headers)
    {
        ReadOnlySpan<byte> key = default;
        ReadOnlySpan<byte> value = default;
        ReadOnlySpan<byte> rawValue = default;
        WireCursor cursor = new(line);
        while (!cursor.AtEnd)
        {
            if (!cursor.TryReadTag(out uint tag))
            {
                return false;
            }

            bool read = tag switch
            {
                0x0A => cursor.TryReadBytes(out key),
                0x12 => cursor.TryReadBytes(out value),
                0x1A => cursor.TryReadBytes(out rawValue),
                _ => cursor.TrySkip(tag),
            };
            if (!read)
            {
                return false;
            }
        }

        headers.Add(key, rawValue.IsEmpty ? value : rawValue);
        return true;
    }

    private static bool TryReadProtocolConfig(ReadOnlySpan<byte> part, ProcessingMessage message)
    {
        WireCursor cursor = new(part);
        while (!cursor.AtEnd)
        {
            if (!cursor.TryReadTag(out uint tag))
            {
                return false;
            }

            if (tag is not (0x08 or 0x10 or 0x18))
            {
                if (!cursor.TrySkip(tag))
                {
                    return false;
                }

                continue;
            }

            if (!cursor.TryReadVarint(out ulong value))
            {
                return false;
            }

            switch (tag)
            {
                case 0x08:
                    message.RequestBodyMode = (BodyMode)(int)value;
                    break;
                case 0x10:
                    message.ResponseBodyMode = (BodyMode)(int)value;
                    break;
                default:
                    message.SendsBodyWithoutWaiting = value != 0;
                    break;
            }
        }

        return true;
    }
}

using System.Buffers;
using System.Text.Json;

namespace EndpointPicker.Cluster.Api;

/// <summary>One event of a watch: what it tells, and where in its bytes the object is.</summary>
internal readonly ref struct WatchFrame
{
    private WatchFrame(WatchEventKind kind, Utf8JsonReader item)
    {
        Kind = kind;
        Object = item;
    }

    /// <summary>What it tells.</summary>
    public WatchEventKind Kind { get; }

    /// <summary>A reader on the first token of the object.</summary>
    public Utf8JsonReader Object { get; }

    /// <summary>Reads an event.</summary>
    /// <param name="bytes">One whole JSON object.</param>
    /// <exception cref="JsonException">It is no event.</exception>
    public static WatchFrame Read(in ReadOnlySequence<byte> bytes)
    {
        Utf8JsonReader json = new(bytes, JsonFrames.Options);
        Utf8JsonReader item = default;
        WatchEventKind? kind = null;
        json.Read();
        while (json.NextField())
        {
            bool isType = json.ValueTextEquals("type"u8);
            bool isObject = json.ValueTextEquals("object"u8);
            json.Read();
            if (isType && json.TokenType == JsonTokenType.String)
            {
                kind = KindOf(json);
            }
            else if (isObject)
            {
                item = json;
            }

            json.Skip();
        }

        return kind is { } known && item.TokenType == JsonTokenType.StartObject ? new WatchFrame(known, item) : throw new JsonException("no event of a watch");
    }

    private static WatchEventKind KindOf(in Utf8JsonReader json)
    {
        if (json.ValueTextEquals("ADDED"u8) || json.ValueTextEquals("MODIFIED"u8))
        {
            return WatchEventKind.Put;
        }

        return json.ValueTextEquals("DELETED"u8) ? WatchEventKind.Removed
            : json.ValueTextEquals("BOOKMARK"u8) ? WatchEventKind.Bookmark
            : json.ValueTextEquals("ERROR"u8) ? WatchEventKind.Error
            : WatchEventKind.Unknown;
    }
}

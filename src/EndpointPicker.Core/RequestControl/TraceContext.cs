using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using EndpointPicker.Core.Requests;

namespace EndpointPicker.Core.RequestControl;

/// <summary>
/// What a request's W3C <c>traceparent</c> says, read from its bytes: most requests are not sampled, and for them nothing is allocated.
/// </summary>
/// <remarks>https://www.w3.org/TR/trace-context/</remarks>
internal readonly ref struct TraceContext
{
    /// <summary>Bytes of version 00: <c>00-&lt;trace id&gt;-&lt;span id&gt;-&lt;flags&gt;</c>.</summary>
    public const int Length = 55;

    private const int TraceIdAt = 3;
    private const int SpanIdAt = 36;
    private const int FlagsAt = 53;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);

    private readonly ReadOnlySpan<byte> _text;

    private TraceContext(ReadOnlySpan<byte> text) => _text = text;

    /// <summary>Whether the caller records the trace.</summary>
    public bool IsSampled => (HexDigit(_text[FlagsAt + 1]) & 1) != 0;

    /// <summary>Reads the header of a request.</summary>
    /// <returns>Whether there is one that is well formed; a malformed one counts as none, as the specification says.</returns>
    public static bool TryRead(HeaderTable headers, out TraceContext context)
    {
        context = headers.TryGet("traceparent"u8, out ReadOnlySpan<byte> text) && IsWellFormed(text) ? new TraceContext(text) : default;
        return !context._text.IsEmpty;
    }

    /// <summary>The context as spans take it, with the vendors' own state.</summary>
    public ActivityContext ToParent(HeaderTable headers) => new(
        ActivityTraceId.CreateFromUtf8String(_text.Slice(TraceIdAt, 32)),
        ActivitySpanId.CreateFromUtf8String(_text.Slice(SpanIdAt, 16)),
        ActivityTraceFlags.Recorded,
        headers.TryGet("tracestate"u8, out ReadOnlySpan<byte> state) ? Encoding.Latin1.GetString(state) : null,
        isRemote: true);

    /// <summary>A trace that begins here: an identity, and no span above.</summary>
    /// <param name="high">The first half of the trace's identity.</param>
    /// <param name="low">The second half.</param>
    public static ActivityContext Root(ulong high, ulong low)
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(id, high);
        BinaryPrimitives.WriteUInt64BigEndian(id[8..], low);
        return new ActivityContext(ActivityTraceId.CreateFromBytes(id), default, ActivityTraceFlags.Recorded);
    }

    // Later versions may append fields behind another dash; version ff is none.
    private static bool IsWellFormed(ReadOnlySpan<byte> text) =>
        text.Length >= Length
        && text[2] == '-' && text[35] == '-' && text[52] == '-'
        && IsHex(text[..2]) && IsHex(text.Slice(TraceIdAt, 32)) && IsHex(text.Slice(SpanIdAt, 16)) && IsHex(text.Slice(FlagsAt, 2))
        && !text.StartsWith("ff"u8)
        && (text.Length == Length || (!text.StartsWith("00"u8) && text[Length] == '-'))
        && text.Slice(TraceIdAt, 32).ContainsAnyExcept((byte)'0')
        && text.Slice(SpanIdAt, 16).ContainsAnyExcept((byte)'0');

    private static bool IsHex(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(HexDigits);

    private static int HexDigit(byte digit) => digit <= '9' ? digit - '0' : digit - 'a' + 10;
}

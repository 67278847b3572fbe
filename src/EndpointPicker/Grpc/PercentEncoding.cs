using System.Text;

namespace EndpointPicker.Grpc;

/// <summary>
/// The percent encoding of <c>grpc-message</c>: UTF-8, escaped outside 0x20-0x7E and at '%', nothing else. URI escaping is not it: clients would show "%3A".
/// </summary>
internal static class PercentEncoding
{
    private const string HexDigits = "0123456789ABCDEF";

    /// <summary>Encodes a message; returns the same string when nothing needs escaping.</summary>
    public static string Encode(string message)
    {
        foreach (char c in message)
        {
            if (!IsPlain(c))
            {
                return Escape(Encoding.UTF8.GetBytes(message));
            }
        }

        return message;
    }

    private static string Escape(ReadOnlySpan<byte> utf8)
    {
        StringBuilder encoded = new(utf8.Length + 16);
        foreach (byte b in utf8)
        {
            if (IsPlain((char)b))
            {
                encoded.Append((char)b);
            }
            else
            {
                encoded.Append('%').Append(HexDigits[b >> 4]).Append(HexDigits[b & 0xF]);
            }
        }

        return encoded.ToString();
    }

    private static bool IsPlain(char c) => c is >= ' ' and <= '~' and not '%';
}

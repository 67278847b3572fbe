using System.Text;
using System.Text.Encodings.Web;

namespace EndpointPicker.Core.Requests;

/// <summary>A model's name as it stands in JSON, in memory that is kept from one name to the next.</summary>
internal sealed class QuotedModel
{
    // The longest escape of one byte: a control character's.
    private const int LongestEscape = 6;

    private string _name = "";
    private byte[] _member = [.. Key, .. "\"\","u8];
    private int _length = Key.Length + 3;

    /// <summary>What stands before the name.</summary>
    public static ReadOnlySpan<byte> Key => "\"model\":"u8;

    /// <summary>The name with its quotes.</summary>
    public ReadOnlySpan<byte> Value => _member.AsSpan(Key.Length, _length - Key.Length - 1);

    /// <summary>A whole member, with a comma behind it.</summary>
    public ReadOnlySpan<byte> Member => _member.AsSpan(0, _length);

    /// <summary>Takes a name.</summary>
    public void Set(string name)
    {
        if (ReferenceEquals(_name, name))
        {
            return;
        }

        _name = name;
        int utf8 = Encoding.UTF8.GetByteCount(name);
        int most = Key.Length + 3 + (utf8 * LongestEscape);
        if (_member.Length < most + utf8)
        {
            _member = [.. Key, .. new byte[most + utf8 - Key.Length]];
        }

        // The plain name stands at the end until it is escaped to the front.
        Span<byte> plain = _member.AsSpan(most, utf8);
        Encoding.UTF8.GetBytes(name, plain);
        int at = Key.Length;
        _member[at++] = (byte)'"';
        JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(plain, _member.AsSpan(at, most - at), out _, out int written);
        at += written;
        _member[at++] = (byte)'"';
        _member[at++] = (byte)',';
        _length = at;
    }
}

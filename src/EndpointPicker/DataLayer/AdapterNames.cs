using System.Text;

namespace EndpointPicker.DataLayer;

/// <summary>Turns the comma lists of adapter names that one endpoint prints again and again into strings that exist once.</summary>
internal sealed class AdapterNames
{
    // A server has a few adapters; a page that invents names must not fill the memory.
    private const int MaxNames = 4096;

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private byte[] _unescaped = new byte[256];
    private char[] _chars = new char[256];

    public AdapterNames() => _lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Adds the names of a label's value to <paramref name="into"/>: trimmed, empty ones dropped, each once.</summary>
    public void Read(scoped in LabelReader label, List<string> into)
    {
        ReadOnlySpan<byte> rest = label.Escaped ? Unescape(label.Value) : label.Value;
        while (!rest.IsEmpty)
        {
            int comma = rest.IndexOf((byte)',');
            ReadOnlySpan<byte> name = (comma < 0 ? rest : rest[..comma]).Trim(" \t\r\n"u8);
            rest = comma < 0 ? default : rest[(comma + 1)..];
            if (!name.IsEmpty)
            {
                string text = Intern(name);
                if (!into.Contains(text))
                {
                    into.Add(text);
                }
            }
        }
    }

    private string Intern(ReadOnlySpan<byte> name)
    {
        if (_chars.Length < name.Length)
        {
            _chars = new char[name.Length];
        }

        ReadOnlySpan<char> chars = _chars.AsSpan(0, Encoding.UTF8.GetChars(name, _chars));
        if (_lookup.TryGetValue(chars, out string? known))
        {
            return known;
        }

        if (_names.Count >= MaxNames)
        {
            _names.Clear();
        }

        string text = chars.ToString();
        _names.Add(text, text);
        return text;
    }

    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> value)
    {
        if (_unescaped.Length < value.Length)
        {
            _unescaped = new byte[value.Length];
        }

        int length = 0;
        for (int i = 0; i < value.Length; i++)
        {
            _unescaped[length++] = LabelReader.Unescape(value, ref i);
        }

        return _unescaped.AsSpan(0, length);
    }
}

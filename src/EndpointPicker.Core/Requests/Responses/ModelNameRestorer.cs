using System.Buffers;

namespace EndpointPicker.Core.Requests.Responses;

/// <summary>
/// Puts the model's name that the client knows back into an answer: every <c>"model":"target"</c>, also with one space after the colon,
/// becomes <c>"model":"incoming"</c>, wherever the answer is split. All other bytes pass as they are.
/// </summary>
/// <remarks>At a split it holds back no more than an occurrence's own length; inactive, it costs nothing.</remarks>
public sealed class ModelNameRestorer
{
    private readonly QuotedModel _target = new();
    private readonly QuotedModel _incoming = new();
    private byte[] _window = [];
    private int _held;

    private static ReadOnlySpan<byte> Key => QuotedModel.Key;

    private int LongestMatch => Key.Length + 1 + _target.Value.Length;

    /// <summary>Whether there is anything to replace.</summary>
    public bool IsActive { get; private set; }

    /// <summary>Starts an answer.</summary>
    /// <param name="target">The model that the server ran.</param>
    /// <param name="incoming">The model that the client asked for.</param>
    public void Begin(string target, string incoming)
    {
        _held = 0;
        IsActive = target.Length > 0 && incoming.Length > 0 && target != incoming;
        if (!IsActive)
        {
            return;
        }

        _target.Set(target);
        _incoming.Set(incoming);
        if (_window.Length < 2 * LongestMatch)
        {
            _window = new byte[2 * LongestMatch];
        }
    }

    /// <summary>Takes the next bytes of the answer.</summary>
    /// <param name="input">The next bytes.</param>
    /// <param name="output">Takes what can be sent now.</param>
    /// <returns>
    /// <see langword="false"/> where the input may be sent as it is: nothing was written then and nothing is held. <see langword="true"/> where
    /// the output replaces it.
    /// </returns>
    public bool Write(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        if (!IsActive || (_held == 0 && Find(input, out _) == input.Length))
        {
            return false;
        }

        if (_held > 0)
        {
            int taken = Math.Min(input.Length, LongestMatch);
            input[..taken].CopyTo(_window.AsSpan(_held));
            Span<byte> window = _window.AsSpan(0, _held + taken);
            int at = Find(window, out int length);
            if (length < 0 && at < _held)
            {
                // Still not told whether it is one: then the window has all of the input.
                output.Write(window[..at]);
                window[at..].CopyTo(_window);
                _held = window.Length - at;
                return true;
            }

            int held = _held;
            _held = 0;
            if (length < 0 || at >= held)
            {
                output.Write(window[..held]);
            }
            else
            {
                Replace(window[..at], window.Slice(at, length), output);
                input = input[(at + length - held)..];
            }
        }

        while (true)
        {
            int at = Find(input, out int length);
            if (length < 0)
            {
                output.Write(input[..at]);
                input[at..].CopyTo(_window);
                _held = input.Length - at;
                return true;
            }

            Replace(input[..at], input.Slice(at, length), output);
            input = input[(at + length)..];
        }
    }

    /// <summary>Ends the answer.</summary>
    /// <param name="output">Takes what was held back.</param>
    public void Flush(IBufferWriter<byte> output)
    {
        output.Write(_window.AsSpan(0, _held));
        _held = 0;
    }

    // The first occurrence and its length, or, with length -1, the beginning of one at the very end, or the input's end.
    private int Find(ReadOnlySpan<byte> input, out int length)
    {
        for (int at = input.IndexOf(Key); at >= 0;)
        {
            length = Match(input[at..]);
            if (length != 0)
            {
                return at;
            }

            int next = input[(at + 1)..].IndexOf(Key);
            at = next < 0 ? -1 : at + 1 + next;
        }

        length = -1;
        for (int at = Math.Max(0, input.Length - LongestMatch + 1); at < input.Length; at++)
        {
            if (input[at] == '"' && Match(input[at..]) < 0)
            {
                return at;
            }
        }

        return input.Length;
    }

    // The length of the occurrence that begins here; 0 for none, -1 for one that may go on behind the end.
    private int Match(ReadOnlySpan<byte> text)
    {
        int key = Math.Min(text.Length, Key.Length);
        if (!text[..key].SequenceEqual(Key[..key]))
        {
            return 0;
        }

        ReadOnlySpan<byte> value = text[key..];
        int space = value.Length > 0 && value[0] == ' ' ? 1 : 0;
        value = value[space..];
        ReadOnlySpan<byte> target = _target.Value;
        int common = Math.Min(value.Length, target.Length);
        if (!value[..common].SequenceEqual(target[..common]))
        {
            return 0;
        }

        return common == target.Length ? Key.Length + space + common : -1;
    }

    private void Replace(ReadOnlySpan<byte> before, ReadOnlySpan<byte> occurrence, IBufferWriter<byte> output)
    {
        output.Write(before);
        output.Write(occurrence[..^_target.Value.Length]);
        output.Write(_incoming.Value);
    }
}

using System.Text;
using EndpointPicker.Core.Requests;

namespace EndpointPicker.Core.Tests.Requests.Readers;

/// <summary>Writes down what a reader hands on, one text per lane and prompt.</summary>
internal sealed class RecordingSink : PromptSink
{
    private readonly List<byte> _text = [];
    private PromptLane _lane;

    public List<string> Seen { get; } = [];

    public override void Text(PromptLane lane, ReadOnlySpan<byte> utf8)
    {
        if (lane != _lane)
        {
            Flush();
        }

        _lane = lane;
        _text.AddRange(utf8);
    }

    public override void Tokens(PromptLane lane, ReadOnlySpan<uint> ids)
    {
        Flush();
        Seen.Add($"{lane} ids {string.Join(' ', ids.ToArray())}");
    }

    public override void Media(PromptLane lane, ulong contentHash, int tokens)
    {
        Flush();
        Seen.Add($"{lane} media {contentHash:x16} {tokens}");
    }

    public override void Salt(ReadOnlySpan<byte> utf8)
    {
        Flush();
        Seen.Add($"salt {Encoding.UTF8.GetString(utf8)}");
    }

    public override void NextPrompt()
    {
        Flush();
        Seen.Add("next");
    }

    public List<string> Finish()
    {
        Flush();
        return Seen;
    }

    private void Flush()
    {
        if (_text.Count > 0)
        {
            Seen.Add($"{_lane} {Encoding.UTF8.GetString([.. _text])}");
            _text.Clear();
        }
    }
}

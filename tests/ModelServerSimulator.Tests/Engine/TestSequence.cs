using System.Threading.Channels;
using ModelServerSimulator.Engine;

namespace ModelServerSimulator.Tests.Engine;

/// <summary>A submitted sequence and what has come out of it so far.</summary>
internal sealed class TestSequence(Sequence sequence, ChannelReader<GeneratedToken> output)
{
    private readonly List<GeneratedToken> _tokens = [];

    public Sequence Sequence => sequence;

    public IReadOnlyList<GeneratedToken> Tokens
    {
        get
        {
            while (output.TryRead(out GeneratedToken token))
            {
                _tokens.Add(token);
            }

            return _tokens;
        }
    }

    public FinishReason Finish => Tokens.Count == 0 ? FinishReason.None : Tokens[^1].Finish;
}

using System.Threading.Channels;

namespace ModelServerSimulator.Engine;

/// <summary>One prompt being answered. Once it is submitted its state belongs to the engine's lock; the tokens go to an unbounded channel.</summary>
internal sealed class Sequence
{
    private readonly ChannelWriter<GeneratedToken> _output;
    private readonly int _index;

    public Sequence(SequenceRequest request, ChannelWriter<GeneratedToken> output, int index = 0)
    {
        Request = request;
        _output = output;
        _index = index;
        Tokens = [.. request.Prompt];
        foreach (int token in request.Prompt)
        {
            Seed = unchecked((Seed * 31) + token);
        }
    }

    public SequenceRequest Request { get; }

    public int PromptLength => Request.Prompt.Count;

    /// <summary>Prompt tokens that the prefix cache had when the sequence was first scheduled; valid once there is output.</summary>
    public int CachedTokens { get; set; }

    internal List<int> Tokens { get; }

    internal List<int> Blocks { get; } = [];

    internal PrefixKeys? Keys { get; set; }

    internal int Seed { get; }

    /// <summary>Tokens whose keys and values are in <see cref="Blocks"/>.</summary>
    internal int Computed { get; set; }

    /// <summary>Tokens that the step under way computes.</summary>
    internal int Scheduled { get; set; }

    internal int Labelled { get; set; }

    internal int Generated => Tokens.Count - PromptLength;

    internal FinishReason Finish { get; set; }

    internal SequenceTimes Times { get; } = new();

    internal void Emit(FinishReason finish)
    {
        int position = Generated;
        Tokens.Add(Tokenizer.Generate(Seed, position));
        Finish = finish;
        _output.TryWrite(new GeneratedToken(_index, Tokenizer.GenerateText(Seed, position), finish));
    }
}

using System.Text;
using EndpointPicker.Demo.Traffic;

namespace EndpointPicker.Demo.Traces;

/// <summary>
/// Mooncake's: prompts are lists of ids, one a block of 512 tokens, and two prompts share what they share of the lists' beginnings. An id becomes
/// the same 512 words wherever it stands. Times are recorded in steps of 3 s; each gets a seeded moment of its own within its step.
/// </summary>
internal sealed class MooncakeTrace : ITraceFormat
{
    private const int BlockTokens = 512;
    private const int Seed = 3;
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(3);

    public string Name => "Mooncake";

    public string Expected => """{"timestamp": ms, "input_length": tokens, "output_length": tokens, "hash_ids": [one id for each 512 tokens of the input]}""";

    public bool Recognizes(string firstLine) => TraceField.HasFields(firstLine, "timestamp", "hash_ids");

    public IReadOnlyList<PlannedSession> Read(TraceLines lines)
    {
        var random = new Random(Seed);
        return TracePlan.InOrder(lines.JsonRows(Expected, row =>
        {
            int input = TraceField.Tokens(row, "input_length");
            int output = TraceField.Tokens(row, "output_length");
            long[] blocks = TraceField.Identifiers(row, "hash_ids");
            if (blocks.Length != (input + BlockTokens - 1) / BlockTokens || input == 0)
            {
                throw new FormatException($"{blocks.Length} hash_ids do not make an input_length of {input}");
            }

            TimeSpan at = TimeSpan.FromMilliseconds(TraceField.Time(row, "timestamp")) + (random.NextDouble() * Step);
            return TracePlan.Single(at, RequestBody.CompletionsPath, input + output, () => RequestBody.Completion(Models.Base, Prompt(blocks, input), Math.Max(1, output)));
        }));
    }

    /// <summary>The text of a prompt: its tokens are <paramref name="tokens"/>.</summary>
    public static string Prompt(IReadOnlyList<long> blocks, int tokens)
    {
        var text = new StringBuilder(tokens * 4);
        for (int i = 0; i < blocks.Count; i++)
        {
            text.Append(PromptText.Seeded(blocks[i], Math.Min(BlockTokens, tokens - (i * BlockTokens))));
        }

        return text.ToString();
    }
}

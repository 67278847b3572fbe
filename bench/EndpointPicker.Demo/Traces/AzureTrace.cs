using System.Globalization;
using EndpointPicker.Demo.Traffic;

namespace EndpointPicker.Demo.Traces;

/// <summary>Azure's: times and lengths. Nothing is known of the prompts, so none shares anything with another.</summary>
internal sealed class AzureTrace : ITraceFormat
{
    private const string Header = "TIMESTAMP,ContextTokens,GeneratedTokens";

    public string Name => "Azure";

    public string Expected => "a time, a number of tokens and a number of tokens, such as 2023-11-16 18:17:03.9799600,4808,10";

    public bool Recognizes(string firstLine) => firstLine.Trim() == Header;

    public IReadOnlyList<PlannedSession> Read(TraceLines lines)
    {
        int count = 0;
        return TracePlan.InOrder(lines.Rows(1, Expected, text =>
        {
            string[] fields = text.Split(',');
            if (fields.Length != 3 || !DateTimeOffset.TryParse(fields[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at))
            {
                throw new FormatException(fields.Length == 3 ? $"\"{fields[0]}\" is not a time" : $"{fields.Length} fields");
            }

            int input = Math.Max(1, Tokens(fields[1]));
            int output = Math.Max(1, Tokens(fields[2]));
            int seed = ++count;
            return TracePlan.Single(
                at - DateTimeOffset.UnixEpoch, RequestBody.CompletionsPath, input + output, () => RequestBody.Completion(Models.Base, PromptText.Seeded(seed, input), output));
        }));
    }

    private static int Tokens(string text) =>
        int.TryParse(text, NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int tokens)
            ? tokens
            : throw new FormatException($"\"{text}\" is not a number of tokens");
}

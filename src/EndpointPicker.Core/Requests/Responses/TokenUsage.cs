namespace EndpointPicker.Core.Requests.Responses;

/// <summary>The tokens of one request as the model server counted them.</summary>
/// <param name="Prompt">Tokens of the prompt.</param>
/// <param name="Completion">Generated tokens.</param>
/// <param name="Cached">Tokens of the prompt that came from its cache; <see langword="null"/> where it does not say.</param>
/// <param name="Total">All tokens.</param>
public readonly record struct TokenUsage(long Prompt, long Completion, long? Cached, long Total)
{
    /// <summary>Merges a later report in: what it tells replaces what was known, what it leaves out or at zero stays.</summary>
    /// <param name="later">The later report.</param>
    /// <returns>Both together; the total is the later one's own only if that report is whole.</returns>
    public TokenUsage Merge(TokenUsage later)
    {
        long prompt = later.Prompt != 0 ? later.Prompt : Prompt;
        long completion = later.Completion != 0 ? later.Completion : Completion;
        bool whole = later.Prompt != 0 && later.Completion != 0 && later.Total != 0;
        return new TokenUsage(prompt, completion, later.Cached ?? Cached, whole ? later.Total : prompt + completion);
    }
}

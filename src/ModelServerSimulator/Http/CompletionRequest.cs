using ModelServerSimulator.Engine;

namespace ModelServerSimulator.Http;

/// <summary>A request for a completion, checked and tokenised: one sequence a prompt and choice.</summary>
internal sealed record CompletionRequest(
    bool IsChat, string Model, IReadOnlyList<SequenceRequest> Sequences, int Choices, bool Stream, bool IncludeUsage)
{
    /// <summary>Prompt tokens of all prompts; a prompt with several choices counts once.</summary>
    public int PromptTokens => Sequences.Where((_, index) => index % Choices == 0).Sum(sequence => sequence.Prompt.Count);
}

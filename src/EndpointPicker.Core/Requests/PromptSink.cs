namespace EndpointPicker.Core.Requests;

/// <summary>Takes the prompt of one request as its bytes pass. A reader calls it; the prefix cache's hasher is one.</summary>
public abstract class PromptSink
{
    /// <summary>Takes text: unescaped UTF-8, in any split.</summary>
    /// <param name="lane">The part of the prompt.</param>
    /// <param name="utf8">The next bytes of that part.</param>
    public abstract void Text(PromptLane lane, ReadOnlySpan<byte> utf8);

    /// <summary>Takes token ids where the request is tokenised already.</summary>
    /// <param name="lane">The part of the prompt.</param>
    /// <param name="ids">The next ids.</param>
    public abstract void Tokens(PromptLane lane, ReadOnlySpan<uint> ids);

    /// <summary>Takes an image, a video or a sound.</summary>
    /// <param name="lane">The part of the prompt.</param>
    /// <param name="contentHash">A hash of the content.</param>
    /// <param name="tokens">How many tokens it is estimated at.</param>
    public abstract void Media(PromptLane lane, ulong contentHash, int tokens);

    /// <summary>Takes what isolates prefix caches from one another (<c>cache_salt</c>, SGLang's <c>extra_key</c>).</summary>
    /// <param name="utf8">The salt.</param>
    public abstract void Salt(ReadOnlySpan<byte> utf8);

    /// <summary>Ends one prompt of a request that has several; a request with one prompt need not call it.</summary>
    public abstract void NextPrompt();
}

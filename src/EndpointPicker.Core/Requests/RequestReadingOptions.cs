namespace EndpointPicker.Core.Requests;

/// <summary>How request bodies are read.</summary>
public sealed record RequestReadingOptions
{
    /// <summary>How many JSON objects and arrays may be open at once.</summary>
    /// <value>256.</value>
    public int MaxDepth { get; init; } = 256;

    /// <summary>Whether a body with strings that are not UTF-8 is refused; model servers refuse it, the reference does not.</summary>
    /// <value><see langword="true"/>.</value>
    public bool CheckUtf8 { get; init; } = true;

    /// <summary>
    /// Whether to accept what engines accept beyond the reference: SGLang's <c>text</c> and batches, batches of token lists, media given as a
    /// bare string, embeddings of <c>messages</c>.
    /// </summary>
    /// <value><see langword="false"/>: the reference's acceptance.</value>
    public bool AcceptDialects { get; init; }

    /// <summary>How many tokens images and videos are estimated at.</summary>
    public TokenEstimateOptions TokenEstimate { get; init; } = new();
}

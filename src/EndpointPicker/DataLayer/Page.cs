namespace EndpointPicker.DataLayer;

/// <summary>Reads the pages that one endpoint serves at one path, and publishes what they say.</summary>
internal abstract class Page
{
    /// <summary>The type of the source, as metrics and logs name it.</summary>
    public abstract string SourceType { get; }

    /// <summary>Whether the page is to be fetched at all now.</summary>
    public virtual bool Wanted => true;

    /// <summary>Starts an answer; what an unfinished one brought is forgotten.</summary>
    public abstract void Begin();

    /// <summary>Takes the next bytes of the answer's body, split anywhere.</summary>
    public abstract void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Ends the answer and publishes it.</summary>
    /// <param name="timestamp">The time, in ticks of the time provider.</param>
    /// <returns>Whether the answer made sense.</returns>
    public abstract bool Complete(long timestamp);

    /// <summary>Says that fetching has failed so many times in a row.</summary>
    public abstract void Fail(int failures);
}

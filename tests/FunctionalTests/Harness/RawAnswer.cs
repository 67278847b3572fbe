using System.Text;

namespace FunctionalTests.Harness;

/// <summary>An answer as the client got it; header names in lower case.</summary>
internal sealed record RawAnswer(int Status, ILookup<string, string> Headers, byte[] Body)
{
    /// <summary>The lines after the last chunk.</summary>
    public IReadOnlyList<string> Trailers { get; init; } = [];

    public string Text => Encoding.UTF8.GetString(Body);

    public string? Header(string name) => Headers[name].LastOrDefault();
}

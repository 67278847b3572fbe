namespace ModelServerSimulator.Http;

/// <summary>What the HTTP side shows: who it is, where it listens, and how long answers without a limit are.</summary>
internal sealed record ServerOptions
{
    public string Host { get; init; } = "127.0.0.1";

    public int Port { get; init; } = 8000;

    /// <summary>The value of the <c>x-served-by</c> response header; the port when empty.</summary>
    public string Name { get; init; } = "";

    public IReadOnlyList<string> Adapters { get; init; } = [];

    /// <summary>After how many tokens a chat answer without a limit comes to its end by itself.</summary>
    public int OutputTokens { get; init; } = 64;
}

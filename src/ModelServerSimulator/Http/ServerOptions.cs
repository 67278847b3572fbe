namespace ModelServerSimulator.Http;

/// <summary>What the HTTP side shows: who it is, where it listens, and how long answers without a limit are.</summary>
internal sealed record ServerOptions
{
    public string Host { get; init; } = "127.0.0.1";

    public int Port { get; init; } = 8000;

    /// <summary>The value of the <c>x-served-by</c> response header; the port when empty.</summary>
    public string Name { get; init; } = "";

    public IReadOnlyList<LoraModule> Adapters { get; init; } = [];

    /// <summary>Whether adapters can be loaded while the server runs, although it may have been started without any.</summary>
    public bool EnableLora { get; init; }

    /// <summary>Paths that hold an adapter to load; any path when empty.</summary>
    public IReadOnlyList<string> LoraPaths { get; init; } = [];

    /// <summary>Whether a request can ask for an error by header.</summary>
    public bool ReturnErrorHeader { get; init; }

    public bool ServesLora => EnableLora || Adapters.Count > 0;

    /// <summary>After how many tokens a chat answer without a limit comes to its end by itself.</summary>
    public int OutputTokens { get; init; } = 64;
}

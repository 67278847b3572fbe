namespace ModelServerSimulator.Http;

/// <summary>An adapter: the model name that asks for it, and where its weights would lie.</summary>
internal sealed record LoraModule(string Name, string Path)
{
    /// <summary>Reads NAME or, as vLLM has it, NAME=PATH.</summary>
    public static LoraModule Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? new LoraModule(text, "./adapters/" + text) : new LoraModule(text[..equals], text[(equals + 1)..]);
    }
}

namespace ModelServerSimulator.Engine;

/// <summary>
/// Adapters with a sequence that was scheduled at least once and is not finished, in the order of first scheduling: what vLLM puts into
/// both labels of its LoRA gauge.
/// </summary>
internal sealed class BusyAdapters
{
    private readonly List<string> _names = [];
    private readonly Dictionary<string, int> _sequences = [];

    public string Text => string.Join(',', _names);

    public void Begin(string? adapter)
    {
        if (adapter is null)
        {
            return;
        }

        if (!_sequences.TryAdd(adapter, 1))
        {
            _sequences[adapter]++;
            return;
        }

        _names.Add(adapter);
    }

    public void End(string? adapter)
    {
        if (adapter is not null && --_sequences[adapter] == 0)
        {
            _sequences.Remove(adapter);
            _names.Remove(adapter);
        }
    }
}

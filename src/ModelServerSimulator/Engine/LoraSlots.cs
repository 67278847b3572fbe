namespace ModelServerSimulator.Engine;

/// <summary>
/// The adapters on the GPU. A batch holds at most as many different ones as there are slots; a slot whose adapter no running sequence
/// uses keeps it until another adapter needs the place, the longest unused one first.
/// </summary>
internal sealed class LoraSlots(int slots)
{
    private readonly List<string> _resident = [];

    public IReadOnlyList<string> Resident => _resident;

    /// <summary>Whether a sequence of <paramref name="adapter"/> may run beside the adapters in <paramref name="running"/>.</summary>
    public bool Admits(string adapter, IReadOnlySet<string> running) => running.Contains(adapter) || running.Count < slots;

    /// <summary>Makes the adapter the most recently used; true when it had to be loaded.</summary>
    public bool Use(string adapter, IReadOnlySet<string> running)
    {
        bool loaded = !_resident.Remove(adapter);
        _resident.Add(adapter);
        while (_resident.Count > slots)
        {
            _resident.Remove(_resident.First(candidate => candidate != adapter && !running.Contains(candidate)));
        }

        return loaded;
    }
}

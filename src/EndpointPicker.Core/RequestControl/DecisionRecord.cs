namespace EndpointPicker.Core.RequestControl;

/// <summary>
/// One place of the decision log. A sequence lock: the version is odd while a decision is written, a writer that finds another one at work
/// gives up, and a reader that saw the version move reads nothing. References that are torn from their numbers are thereby never shown.
/// </summary>
internal sealed class DecisionRecord
{
    private readonly DecisionContent _content = new();
    private int _version;

    public void Write(long sequence, long time, in DecisionFacts facts)
    {
        int version = Volatile.Read(ref _version);
        if ((version & 1) == 1 || Interlocked.CompareExchange(ref _version, version + 1, version) != version)
        {
            return;
        }

        _content.Take(sequence, time, facts);
        Volatile.Write(ref _version, version + 2);
    }

    public Decision? Read()
    {
        int version = Volatile.Read(ref _version);
        if (version == 0 || (version & 1) == 1)
        {
            return null;
        }

        DecisionContent copy = _content.Copy();
        Interlocked.MemoryBarrier();
        return Volatile.Read(ref _version) == version ? DecisionReading.Read(copy) : null;
    }
}

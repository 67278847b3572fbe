using System.Collections.Concurrent;

namespace EndpointPicker.Core.Scheduling;

/// <summary>Admits the first so many values of a label for the life of the process and folds all later ones into <c>other</c>.</summary>
internal sealed class LabelBudget(int limit)
{
    public const string Other = "other";

    private readonly ConcurrentDictionary<string, bool> _admitted = new(StringComparer.Ordinal);
    private int _count;

    public string Admit(string value)
    {
        if (value.Length == 0 || _admitted.ContainsKey(value))
        {
            return value;
        }

        if (Volatile.Read(ref _count) >= limit)
        {
            return Other;
        }

        // The one whose value was already added by another gives its place back.
        if (Interlocked.Increment(ref _count) > limit)
        {
            Interlocked.Decrement(ref _count);
            return _admitted.ContainsKey(value) ? value : Other;
        }

        if (!_admitted.TryAdd(value, true))
        {
            Interlocked.Decrement(ref _count);
        }

        return value;
    }
}

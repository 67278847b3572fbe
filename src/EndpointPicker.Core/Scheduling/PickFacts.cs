namespace EndpointPicker.Core.Scheduling;

/// <summary>
/// The facts of one pick, each under the plugin instance that owns it, so that a scorer can name its producer among several. There are few
/// owners, so looking one up is a scan by reference.
/// </summary>
public sealed class PickFacts
{
    private (object Owner, PickFact Fact)[] _facts = new (object, PickFact)[4];
    private int _count;

    /// <summary>One more than the highest slot of the pool: the length of arrays that slots index.</summary>
    public int Slots { get; private set; }

    /// <summary>The fact that an owner keeps; made on first use.</summary>
    /// <typeparam name="T">The kind of fact; an owner has one of each kind at most.</typeparam>
    /// <param name="owner">The plugin that writes it.</param>
    /// <returns>The fact, empty unless the owner has written it during this pick.</returns>
    public T Of<T>(object owner)
        where T : PickFact, new()
    {
        for (int i = 0; i < _count; i++)
        {
            if (ReferenceEquals(_facts[i].Owner, owner) && _facts[i].Fact is T known)
            {
                return known;
            }
        }

        if (_count == _facts.Length)
        {
            Array.Resize(ref _facts, _count * 2);
        }

        T fact = new();
        fact.Reset(Slots);
        _facts[_count++] = (owner, fact);
        return fact;
    }

    /// <summary>Starts a pick: all facts of the last one are forgotten.</summary>
    /// <param name="slots">One more than the highest slot of the pool.</param>
    public void Begin(int slots)
    {
        Slots = slots;
        for (int i = 0; i < _count; i++)
        {
            _facts[i].Fact.Reset(slots);
        }
    }
}

namespace EndpointPicker.DataLayer;

/// <summary>When each adapter was last seen at work, over the last moments.</summary>
internal sealed class AdapterActivity
{
    private readonly List<(string Name, long At)> _seen = [];

    /// <summary>Forgets all.</summary>
    public void Clear() => _seen.Clear();

    /// <summary>Notes that these adapters are at work.</summary>
    public void Touch(List<string> names, long at)
    {
        foreach (string name in names)
        {
            int index = IndexOf(name);
            if (index < 0)
            {
                _seen.Add((name, at));
            }
            else
            {
                _seen[index] = (name, at);
            }
        }
    }

    /// <summary>Lists the adapters seen at work since a moment, and forgets the others.</summary>
    public void Since(long moment, List<string> into)
    {
        into.Clear();
        for (int i = 0; i < _seen.Count;)
        {
            if (_seen[i].At < moment)
            {
                _seen.RemoveAt(i);
            }
            else
            {
                into.Add(_seen[i].Name);
                i++;
            }
        }
    }

    private int IndexOf(string name)
    {
        for (int i = 0; i < _seen.Count; i++)
        {
            if (_seen[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }
}

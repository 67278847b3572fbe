using System.Text;
using EndpointPicker.Configuration.DataLayer;

namespace EndpointPicker.DataLayer;

/// <summary>One engine's metric names, compiled for reading: which families are wanted, and what their series mean.</summary>
internal sealed class EngineMap
{
    private readonly (byte[] Name, int Family)[][] _namesByLength;
    private readonly SignalBinding[][] _bindings;

    public EngineMap(EngineMetrics engine)
    {
        Name = engine.Name;
        CacheBlockSizeLabel = Encoding.UTF8.GetBytes(engine.CacheBlockSizeLabel);
        CacheBlocksLabel = Encoding.UTF8.GetBytes(engine.CacheBlocksLabel);
        CustomKeys = [.. engine.Custom.Select(c => c.AttributeKey)];

        List<(MetricSpec Spec, SignalBinding Binding)> all = [];
        Add(engine.QueuedRequests, SignalRole.Waiting);
        Add(engine.RunningRequests, SignalRole.Running);
        Add(engine.KvUsage, SignalRole.KvUsage);
        Add(engine.Lora, SignalRole.Lora);
        Add(engine.CacheInfo, SignalRole.CacheInfo);
        Add(engine.CacheBlockSize, SignalRole.CacheBlockSize);
        Add(engine.CacheBlocks, SignalRole.CacheBlocks);
        for (int i = 0; i < engine.Custom.Count; i++)
        {
            Add(engine.Custom[i].Metric, SignalRole.Custom, i);
        }

        IGrouping<string, (MetricSpec Spec, SignalBinding Binding)>[] families = [.. all.GroupBy(b => b.Spec.Family, StringComparer.Ordinal)];
        List<(byte[] Name, int Family)> names = [];
        for (int i = 0; i < families.Length; i++)
        {
            names.Add((Encoding.UTF8.GetBytes(families[i].Key), i));
            if (families[i].Key.Contains(':'))
            {
                // In OpenMetrics with "escaping=underscores" samples have names without colons.
                names.Add((Encoding.UTF8.GetBytes(families[i].Key.Replace(':', '_')), i));
            }
        }

        _namesByLength = new (byte[], int)[names.Select(n => n.Name.Length).DefaultIfEmpty().Max() + 1][];
        for (int length = 0; length < _namesByLength.Length; length++)
        {
            _namesByLength[length] = [.. names.Where(n => n.Name.Length == length)];
        }

        _bindings = [.. families.Select(f => f.Select(b => b.Binding).ToArray())];

        void Add(MetricSpec? spec, SignalRole role, int custom = 0)
        {
            if (spec is not null)
            {
                all.Add((spec, new SignalBinding(spec, role, custom)));
                Roles |= 1 << (int)role;
            }
        }
    }

    /// <summary>The engine's name.</summary>
    public string Name { get; }

    /// <summary>The label of the cache gauge with the tokens of a block.</summary>
    public byte[] CacheBlockSizeLabel { get; }

    /// <summary>The label of the cache gauge with the number of blocks.</summary>
    public byte[] CacheBlocksLabel { get; }

    /// <summary>The attribute keys of the custom metrics.</summary>
    public string[] CustomKeys { get; }

    /// <summary>How many families are wanted.</summary>
    public int Families => _bindings.Length;

    private int Roles { get; set; }

    /// <summary>Whether the engine has such a signal.</summary>
    public bool Has(SignalRole role) => (Roles & (1 << (int)role)) != 0;

    /// <summary>What the series of a family mean.</summary>
    public ReadOnlySpan<SignalBinding> Bindings(int family) => _bindings[family];

    /// <summary>
    /// Which wanted family the line begins with, by its whole name; -1 for none. The length of the line's name is looked at first: it
    /// settles nearly all of the hundreds of lines that are not wanted.
    /// </summary>
    /// <param name="line">A line that begins with a name.</param>
    /// <param name="length">The name's length.</param>
    public int Match(ReadOnlySpan<byte> line, out int length)
    {
        ReadOnlySpan<byte> start = line.Length > _namesByLength.Length ? line[.._namesByLength.Length] : line;
        length = start.IndexOfAny((byte)'{', (byte)' ', (byte)'\t');
        if (length >= 0)
        {
            foreach ((byte[] name, int family) in _namesByLength[length])
            {
                if (start[..length].SequenceEqual(name))
                {
                    return family;
                }
            }
        }

        return -1;
    }
}

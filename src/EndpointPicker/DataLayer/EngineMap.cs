using System.Text;
using EndpointPicker.Configuration.DataLayer;

namespace EndpointPicker.DataLayer;

/// <summary>One engine's metric names, compiled for reading: which families are wanted, and what their series mean.</summary>
internal sealed class EngineMap
{
    private readonly byte[][] _names;
    private readonly int[] _familyOf;
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
        string[] names = [.. families.Select(f => f.Key)];
        _names = [.. names.Concat(names.Where(n => n.Contains(':')).Select(Escape)).Select(Encoding.UTF8.GetBytes)];
        _familyOf = [.. Enumerable.Range(0, names.Length), .. Enumerable.Range(0, names.Length).Where(i => names[i].Contains(':'))];
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
    /// Which wanted family the line begins with, by its whole name; -1 for none. The byte after the name is compared first: it settles
    /// nearly all of the hundreds of lines that are not wanted.
    /// </summary>
    /// <param name="line">A line that begins with a name.</param>
    /// <param name="length">The name's length.</param>
    public int Match(ReadOnlySpan<byte> line, out int length)
    {
        byte[][] names = _names;
        for (int i = 0; i < names.Length; i++)
        {
            byte[] name = names[i];
            if (name.Length < line.Length && line[name.Length] is (byte)'{' or (byte)' ' or (byte)'\t' && line.StartsWith(name))
            {
                length = name.Length;
                return _familyOf[i];
            }
        }

        length = 0;
        return -1;
    }

    // In OpenMetrics with "escaping=underscores" samples have names without colons.
    private static string Escape(string name) => name.Replace(':', '_');
}

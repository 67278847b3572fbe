namespace EndpointPicker.Core.RequestControl;

/// <summary>A rewrite as requests use it.</summary>
internal sealed class RewriteRule
{
    private readonly string[] _targets;

    // Sums of the weights up to each target and with it: a draw below the last one falls on the first that is above the draw.
    private readonly long[] _bounds;

    public RewriteRule(ModelRewrite rewrite)
    {
        Name = rewrite.Name;
        IsGeneric = rewrite.Models.Count == 0;
        _targets = [.. rewrite.Targets.Select(target => target.Model)];
        bool weighted = rewrite.Targets.Any(target => target.Weight > 0);
        NeverChosen = weighted ? [.. rewrite.Targets.Where(target => target.Weight is null).Select(target => target.Model)] : [];
        _bounds = new long[_targets.Length];
        long sum = 0;
        for (int i = 0; i < _bounds.Length; i++)
        {
            sum += weighted ? Math.Max(0, rewrite.Targets[i].Weight ?? 0) : 1;
            _bounds[i] = sum;
        }
    }

    public string Name { get; }

    /// <summary>Whether it is for every model.</summary>
    public bool IsGeneric { get; }

    /// <summary>The targets without a weight beside others that have one.</summary>
    public IReadOnlyList<string> NeverChosen { get; }

    /// <summary>Chooses a target.</summary>
    /// <returns>The model; empty where the rewrite has no targets.</returns>
    public string Choose(Random random)
    {
        if (_targets.Length < 2)
        {
            return _targets.Length == 0 ? "" : _targets[0];
        }

        long draw = random.NextInt64(_bounds[^1]);
        int chosen = 0;
        while (_bounds[chosen] <= draw)
        {
            chosen++;
        }

        return _targets[chosen];
    }
}

using EndpointPicker.Cluster.Resources;

namespace EndpointPicker.Cluster.Following;

/// <summary>
/// What a namespace says of requests. Each kind of objective and rewrite has two groups; both are followed at any time, and an object of the
/// newer group hides one of its name in the older group, so that both may be there while they are moved.
/// </summary>
internal sealed class RuleSources
{
    private int _toldOfLegacy;

    public ObjectSet<InferenceObjective> Objectives { get; } = new();

    public ObjectSet<InferenceObjective> LegacyObjectives { get; } = new();

    public ObjectSet<InferenceModelRewrite> Rewrites { get; } = new();

    public ObjectSet<InferenceModelRewrite> LegacyRewrites { get; } = new();

    public ObjectSet<InferenceModel> Models { get; } = new();

    /// <summary>Raised after each change of any of them.</summary>
    public event Action? Changed
    {
        add
        {
            Objectives.Changed += value;
            LegacyObjectives.Changed += value;
            Rewrites.Changed += value;
            LegacyRewrites.Changed += value;
            Models.Changed += value;
        }

        remove
        {
            Objectives.Changed -= value;
            LegacyObjectives.Changed -= value;
            Rewrites.Changed -= value;
            LegacyRewrites.Changed -= value;
            Models.Changed -= value;
        }
    }

    /// <summary>Grows with every change of any of them.</summary>
    public long Version => Objectives.Version + LegacyObjectives.Version + Rewrites.Version + LegacyRewrites.Version + Models.Version;

    /// <summary>Whether none of them is worth waiting for any more.</summary>
    public bool Settled => Objectives.Settled && LegacyObjectives.Settled && Rewrites.Settled && LegacyRewrites.Settled && Models.Settled;

    /// <summary>Whether objects of the older kinds are there and nobody was told yet: all pools share the objects, and one is to say it.</summary>
    public bool TellsOfLegacy() =>
        LegacyObjectives.All().Count + LegacyRewrites.All().Count + Models.All().Count > 0 && Interlocked.Exchange(ref _toldOfLegacy, 1) == 0;

    /// <summary>The objectives, each name once.</summary>
    public IEnumerable<InferenceObjective> CurrentObjectives() => Newest(Objectives, LegacyObjectives);

    /// <summary>The rewrites, each name once.</summary>
    public IEnumerable<InferenceModelRewrite> CurrentRewrites() => Newest(Rewrites, LegacyRewrites);

    private static IEnumerable<T> Newest<T>(ObjectSet<T> newer, ObjectSet<T> older)
        where T : class, IClusterObject =>
        newer.All().Concat(older.All()).DistinctBy(item => item.Metadata.Name);
}

using System.Collections.Frozen;
using System.Text;

namespace EndpointPicker.Core.RequestControl;

/// <summary>The rules of one moment, immutable. Looking up allocates nothing.</summary>
internal sealed record RuleSet
{
    /// <summary>No resource of the cluster has a longer name.</summary>
    public const int LongestName = 253;

    private static readonly FrozenDictionary<string, int> NoPriorities = Freeze<int>([]);

    public static RuleSet Empty { get; } = new();

    public FrozenDictionary<string, int> Objectives { get; init; } = NoPriorities;

    public FrozenDictionary<string, int> ModelPriorities { get; init; } = NoPriorities;

    /// <summary>The rewrites of single models; of several for one the first holds.</summary>
    public FrozenDictionary<string, RewriteRule> Rewrites { get; init; } = Freeze<RewriteRule>([]);

    /// <summary>The rewrite of all other models; <see langword="null"/> where there is none.</summary>
    public RewriteRule? GenericRewrite { get; init; }

    public bool HasRewrites => Rewrites.Count > 0 || GenericRewrite is not null;

    public bool IsEmpty => Objectives.Count == 0 && ModelPriorities.Count == 0 && !HasRewrites;

    /// <summary>Makes a table of names that bytes are looked up in as well.</summary>
    public static FrozenDictionary<string, T> Freeze<T>(IEnumerable<KeyValuePair<string, T>> byName) => byName.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The priority of an objective.</summary>
    /// <param name="objective">Its name in UTF-8, as a client sent it.</param>
    /// <param name="priority">Its priority.</param>
    /// <returns>Whether the objective is known.</returns>
    public bool TryGetPriority(ReadOnlySpan<byte> objective, out int priority)
    {
        priority = 0;
        if (objective.Length > LongestName)
        {
            return false;
        }

        Span<char> name = stackalloc char[LongestName];
        int length = Encoding.UTF8.GetChars(objective, name);
        return Objectives.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[..length], out priority);
    }

    /// <summary>The rewrite for requests that name a model.</summary>
    /// <param name="model">The model; empty where the request names none.</param>
    /// <returns>The rewrite; <see langword="null"/> where there is none.</returns>
    public RewriteRule? RewriteOf(string model) => Rewrites.GetValueOrDefault(model) ?? GenericRewrite;
}

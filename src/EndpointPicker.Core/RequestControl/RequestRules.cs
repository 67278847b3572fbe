using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EndpointPicker.Core.RequestControl;

/// <summary>
/// What the cluster says of requests to one pool: priorities by objective and by model, and rewrites of models. Readers see one immutable
/// snapshot; discovery is the one writer.
/// </summary>
/// <param name="logger">Where rules are told of that do less than they seem to; <see langword="null"/> for nowhere.</param>
public sealed partial class RequestRules(ILogger<RequestRules>? logger = null)
{
    private readonly ILogger _logger = logger ?? NullLogger<RequestRules>.Instance;

    // Protects replacement: each kind of rule comes from a watch of its own.
    private readonly Lock _writer = new();
    private HashSet<string> _toldOf = [];
    private volatile RuleSet? _current;

    /// <summary>The rules now; <see langword="null"/> where there are none at all.</summary>
    internal RuleSet? Current => _current;

    /// <summary>Makes these the objectives.</summary>
    /// <param name="priorityByName">The priority by an objective's name; below 0 is sheddable.</param>
    public void ReplaceObjectives(IReadOnlyDictionary<string, int> priorityByName)
    {
        lock (_writer)
        {
            Publish((_current ?? RuleSet.Empty) with { Objectives = RuleSet.Freeze(priorityByName) });
        }
    }

    /// <summary>Makes these the priorities of requests without a known objective.</summary>
    /// <param name="priorityByModel">The priority by the model that a request names.</param>
    public void ReplaceModelPriorities(IReadOnlyDictionary<string, int> priorityByModel)
    {
        lock (_writer)
        {
            Publish((_current ?? RuleSet.Empty) with { ModelPriorities = RuleSet.Freeze(priorityByModel) });
        }
    }

    /// <summary>Makes these the rewrites.</summary>
    /// <param name="byPrecedence">
    /// The rewrites, those that win first. One that names a request's model wins over one for every model, wherever they stand.
    /// </param>
    public void ReplaceRewrites(IReadOnlyList<ModelRewrite> byPrecedence)
    {
        Dictionary<string, RewriteRule> exact = new(StringComparer.Ordinal);
        RewriteRule? generic = null;
        List<RewriteRule> partial = [];
        foreach (ModelRewrite rewrite in byPrecedence)
        {
            RewriteRule rule = new(rewrite);
            if (rule.NeverChosen.Count > 0)
            {
                partial.Add(rule);
            }

            if (rule.IsGeneric)
            {
                generic ??= rule;
            }

            foreach (string model in rewrite.Models)
            {
                exact.TryAdd(model, rule);
            }
        }

        lock (_writer)
        {
            Tell(partial);
            Publish((_current ?? RuleSet.Empty) with { Rewrites = RuleSet.Freeze(exact), GenericRewrite = generic });
        }
    }

    private void Publish(RuleSet rules) => _current = rules.IsEmpty ? null : rules;

    // Once: every change of any rewrite brings all of them again.
    private void Tell(List<RewriteRule> partial)
    {
        HashSet<string> told = [];
        foreach (RewriteRule rule in partial)
        {
            string targets = string.Join(", ", rule.NeverChosen);
            string key = $"{rule.Name}: {targets}";
            if (told.Add(key) && !_toldOf.Contains(key))
            {
                Log.TargetsWithoutWeight(_logger, rule.Name, targets);
            }
        }

        _toldOf = told;
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Warning,
            "Model rewrite {Rewrite} gives weights to some of its targets only, so {Targets} will never be chosen. Give each target a weight, or none.",
            EventName = "TargetsWithoutWeight")]
        public static partial void TargetsWithoutWeight(ILogger logger, string rewrite, string targets);
    }
}

using EndpointPicker.Cluster.Resources;
using EndpointPicker.Core.RequestControl;

namespace EndpointPicker.Cluster.Following;

/// <summary>Makes of a namespace's objects what requests to one pool need: priorities by name, and rewrites in order of precedence.</summary>
internal static class RequestRuleTables
{
    // Below 0 is shed first; among themselves the three need no more than an order.
    private const int Critical = 1;
    private const int Sheddable = -1;

    /// <summary>Priorities by the name of the objective.</summary>
    /// <param name="objectives">All objectives of the namespace.</param>
    /// <param name="means">Whether a reference means the pool.</param>
    public static Dictionary<string, int> Objectives(IEnumerable<InferenceObjective> objectives, Func<PoolReference, bool> means) =>
        objectives.Where(objective => means(objective.Pool)).ToDictionary(objective => objective.Metadata.Name, objective => objective.Priority, StringComparer.Ordinal);

    /// <summary>The inference models of the pool, one for each model: the oldest.</summary>
    /// <param name="models">All inference models of the namespace.</param>
    /// <param name="means">Whether a reference means the pool.</param>
    public static List<InferenceModel> Models(IEnumerable<InferenceModel> models, Func<PoolReference, bool> means) =>
        [.. ByAge(models.Where(model => means(model.Pool))).DistinctBy(model => model.ModelName, StringComparer.Ordinal)];

    /// <summary>Priorities by model.</summary>
    /// <param name="models">The pool's inference models.</param>
    public static Dictionary<string, int> ModelPriorities(IEnumerable<InferenceModel> models) =>
        models.ToDictionary(model => model.ModelName, model => Priority(model.Criticality), StringComparer.Ordinal);

    /// <summary>
    /// The pool's rewrites: those for certain models before those for every model, older before younger, and those of inference models last,
    /// so that one model's rewrite of the newer kind has precedence.
    /// </summary>
    /// <param name="rewrites">All rewrites of the namespace.</param>
    /// <param name="models">The pool's inference models.</param>
    /// <param name="means">Whether a reference means the pool.</param>
    public static List<ModelRewrite> Rewrites(IEnumerable<InferenceModelRewrite> rewrites, IEnumerable<InferenceModel> models, Func<PoolReference, bool> means)
    {
        List<ModelRewrite> inOrder =
        [
            .. ByAge(rewrites.Where(rewrite => means(rewrite.Pool))).SelectMany(OfRules),
            .. models.Where(model => model.Targets.Count > 0).Select(OfModel),
        ];
        return [.. inOrder.OrderBy(rewrite => rewrite.Models.Count == 0)];
    }

    private static IEnumerable<T> ByAge<T>(IEnumerable<T> items)
        where T : IClusterObject =>
        items.OrderBy(item => item.Metadata.CreatedAt).ThenBy(item => item.Metadata.Name, StringComparer.Ordinal);

    private static int Priority(string criticality) => criticality switch
    {
        "Critical" => Critical,
        "Sheddable" => Sheddable,
        _ => 0,
    };

    // A rule whose matches name no model can match nothing; without models it would match everything.
    private static IEnumerable<ModelRewrite> OfRules(InferenceModelRewrite rewrite) =>
        from rule in rewrite.Rules
        where rule.Models is not { Count: 0 }
        select new ModelRewrite(rewrite.Metadata.Name, rule.Models ?? [], [.. rule.Targets.Select(target => new ModelRewriteTarget(target.Name, target.Weight))]);

    // Of an inference model a weight of 0 takes a target out; where that leaves none, requests for the model are refused.
    private static ModelRewrite OfModel(InferenceModel model) => new(
        model.Metadata.Name,
        [model.ModelName],
        [.. model.Targets.Where(target => target.Weight != 0).Select(target => new ModelRewriteTarget(target.Name, target.Weight))]);
}

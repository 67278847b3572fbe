using System.Collections.Frozen;
using System.Net;
using EndpointPicker.Cluster.Resources;

namespace EndpointPicker.Tests.Cluster.Following;

/// <summary>Makes the cluster's objects.</summary>
internal static class Objects
{
    public const string Space = "demo";

    public static Pod Pod(string name, string? address = "10.0.0.1", string app = "vllm", bool ready = true, string? activePorts = null) => new()
    {
        Metadata = Named(name),
        Labels = new Dictionary<string, string> { ["app"] = app }.ToFrozenDictionary(StringComparer.Ordinal),
        Address = address is null ? null : IPAddress.Parse(address),
        Ready = ready,
        ActivePorts = activePorts,
    };

    public static InferencePool Pool(string selector = "app=vllm", string group = ApiGroups.Inference, params IReadOnlyList<int> ports) => new()
    {
        Metadata = Named("pool"),
        Group = group,
        Selector = selector,
        TargetPorts = ports.Count == 0 ? [8000] : ports,
        AppProtocol = group == ApiGroups.Inference ? "http" : "",
    };

    public static InferenceObjective Objective(string name, int priority, string pool = "pool", string group = ApiGroups.Inference) =>
        new(Named(name), new PoolReference(group, pool), priority);

    public static InferenceModelRewrite Rewrite(string name, string? model, string target, int age = 0, string pool = "pool") => new(
        Named(name) with { CreatedAt = DateTimeOffset.UnixEpoch.AddDays(-age) },
        new PoolReference(ApiGroups.Inference, pool),
        [new ModelRewriteRule(model is null ? null : [model], [new WeightedModel(target, null)])]);

    public static InferenceModel Model(string name, string model, string criticality = "", int age = 0, string group = ApiGroups.Experimental, params IReadOnlyList<WeightedModel> targets) => new(
        Named(name) with { CreatedAt = DateTimeOffset.UnixEpoch.AddDays(-age) }, new PoolReference(group, "pool"), model, criticality, targets);

    public static ObjectMetadata Named(string name) => new(Space, name, $"uid-{name}", DateTimeOffset.UnixEpoch, Deleting: false);
}

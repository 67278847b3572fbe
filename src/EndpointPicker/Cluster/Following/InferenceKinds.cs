using EndpointPicker.Cluster.Api;
using EndpointPicker.Cluster.Resources;

namespace EndpointPicker.Cluster.Following;

/// <summary>The kinds that are followed, as the API server names them.</summary>
internal static class InferenceKinds
{
    private const string Alpha = "v1alpha2";
    private const string ObjectivesPlural = "inferenceobjectives";
    private const string RewritesPlural = "inferencemodelrewrites";

    public static ResourceKind Pods { get; } = new("", "v1", "pods");

    public static ResourceKind Pools { get; } = new(ApiGroups.Inference, "v1", "inferencepools");

    public static ResourceKind ExperimentalPools { get; } = new(ApiGroups.Experimental, Alpha, "inferencepools");

    public static ResourceKind Objectives { get; } = new(ApiGroups.LlmD, Alpha, ObjectivesPlural);

    public static ResourceKind LegacyObjectives { get; } = new(ApiGroups.Experimental, Alpha, ObjectivesPlural);

    public static ResourceKind Rewrites { get; } = new(ApiGroups.LlmD, Alpha, RewritesPlural);

    public static ResourceKind LegacyRewrites { get; } = new(ApiGroups.Experimental, Alpha, RewritesPlural);

    public static ResourceKind Models { get; } = new(ApiGroups.Experimental, Alpha, "inferencemodels");
}

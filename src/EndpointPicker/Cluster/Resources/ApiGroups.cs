namespace EndpointPicker.Cluster.Resources;

/// <summary>The API groups of inference, in which the same kinds have lived one after the other.</summary>
internal static class ApiGroups
{
    /// <summary>Pools since their first stable version.</summary>
    public const string Inference = "inference.networking.k8s.io";

    /// <summary>Everything before that: pools of <c>v1alpha2</c>, inference models, the first objectives and rewrites.</summary>
    public const string Experimental = "inference.networking.x-k8s.io";

    /// <summary>Objectives and rewrites today.</summary>
    public const string LlmD = "llm-d.ai";
}

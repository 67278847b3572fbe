using System.Text;

namespace FunctionalTests.DropIn;

/// <summary>What the reference's charts and tutorials make: configuration and rights.</summary>
internal static class ChartFiles
{
    /// <summary>The ConfigMap's file, with the charts' default values.</summary>
    public const string DefaultPlugins = """
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: queue-scorer
        - type: kv-cache-utilization-scorer
        - type: prefix-cache-scorer
        - type: metrics-data-source
          parameters:
            scheme: http
            path: /metrics
            insecureSkipVerify: true
        - type: core-metrics-extractor
        schedulingProfiles:
        - name: default
          plugins:
          - pluginRef: queue-scorer
            weight: 2
          - pluginRef: kv-cache-utilization-scorer
            weight: 2
          - pluginRef: prefix-cache-scorer
            weight: 3
        dataLayer:
          sources:
          - pluginRef: metrics-data-source
            extractors:
            - pluginRef: core-metrics-extractor
        """;

    private const string Follow = "get, watch, list";

    /// <summary>The Role <c>NAME-sa</c>: pods.</summary>
    public static string PodRole(string space, string name) => Role(space, name, $"{name}-sa", ("", "pods", Follow));

    /// <summary>The Role <c>NAME-non-sa</c>: the pool and what names it.</summary>
    public static string PoolRole(string space, string name) => Role(
        space,
        name,
        $"{name}-non-sa",
        ("inference.networking.k8s.io", "inferencepools", Follow),
        ("inference.networking.x-k8s.io", "inferenceobjectives, inferencemodelrewrites", Follow),
        ("llm-d.ai", "inferenceobjectives, inferencemodelrewrites", Follow));

    /// <summary>The Role <c>NAME-leader-election</c>.</summary>
    public static string LeaseRole(string space, string name) => Role(
        space,
        name,
        $"{name}-leader-election",
        ("coordination.k8s.io", "leases", "get, list, watch, create, update, patch, delete"),
        ("", "events", "create, patch"));

    /// <summary>The ClusterRole of whoever authenticates scrapers, with the right to scrape.</summary>
    public static string ReviewRole(string space, string name) => ClusterRole(
        space,
        name,
        $"{name}-{space}-epp",
        $$"""
        - { apiGroups: [authentication.k8s.io], resources: [tokenreviews], verbs: [create] }
        - { apiGroups: [authorization.k8s.io], resources: [subjectaccessreviews], verbs: [create] }
        - { nonResourceURLs: [/metrics], verbs: [get] }
        """);

    /// <summary>A ClusterRole of a service account of the namespace, bound to it.</summary>
    public static string ClusterRole(string space, string account, string role, string rules) => $$"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: {{role}} }
        rules:
        {{rules}}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: {{role}} }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{role}} }
        subjects: [{ kind: ServiceAccount, name: {{account}}, namespace: {{space}} }]

        """;

    /// <summary>A Role of a service account, bound to it.</summary>
    public static string Role(string space, string account, string role, params ReadOnlySpan<(string Group, string Resources, string Verbs)> rules)
    {
        StringBuilder text = new();
        text.Append(null, $$"""
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: { name: {{role}}, namespace: {{space}} }
            rules:

            """);
        foreach ((string group, string resources, string verbs) in rules)
        {
            text.Append(null, $"- {{ apiGroups: [\"{group}\"], resources: [{resources}], verbs: [{verbs}] }}\n");
        }

        text.Append(null, $$"""
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: { name: {{role}}, namespace: {{space}} }
            roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: {{role}} }
            subjects: [{ kind: ServiceAccount, name: {{account}}, namespace: {{space}} }]

            """);
        return text.ToString();
    }
}

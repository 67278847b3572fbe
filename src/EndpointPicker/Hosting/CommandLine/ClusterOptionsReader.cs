using System.Globalization;
using System.Text.RegularExpressions;
using EndpointPicker.Cluster.Resources;
using EndpointPicker.Cluster.Selectors;

namespace EndpointPicker.Hosting.CommandLine;

/// <summary>Reads the flags that say what of a cluster is followed.</summary>
internal static partial class ClusterOptionsReader
{
    private const int MostPorts = 8;

    private static readonly string[] OnlyForClusters = ["pool-namespace", "pool-group", "pool-selector", "endpoint-selector", "endpoint-target-ports"];

    /// <summary>Reads them.</summary>
    /// <param name="read">The flags.</param>
    /// <param name="values">Takes errors.</param>
    /// <param name="environment">The value of an environment variable.</param>
    public static ClusterOptions Read(FlagReader read, FlagValues values, Func<string, string?> environment)
    {
        string selector = read.Text("endpoint-selector");
        string pools = read.Text("pool-selector");
        Check(values, "endpoint-selector", selector);
        Check(values, "pool-selector", pools);
        bool named = read.List("pool-name").Count > 0;
        if (named && selector.Length > 0)
        {
            values.Errors.Add("--pool-name and --endpoint-selector exclude each other: a pool has a name or a selector of its own");
        }

        if (pools.Length > 0 && (named || selector.Length > 0))
        {
            values.Errors.Add("--pool-selector finds pools by their labels: leave out --pool-name and --endpoint-selector");
        }

        return new ClusterOptions
        {
            Namespace = FirstOf(read.Text("pool-namespace"), environment("NAMESPACE"), "default"),
            PoolGroup = read.OneOf("pool-group", "", ApiGroups.Inference, ApiGroups.Experimental),
            PoolSelector = pools,
            EndpointSelector = selector,
            TargetPorts = ReadPorts(read, values, selector.Length > 0 && read.List("endpoint").Count == 0),
            PodName = environment("POD_NAME") ?? "",
            Given = [.. OnlyForClusters.Where(values.Given.ContainsKey)],
        };
    }

    /// <summary>The name of the Deployment that a pod belongs to.</summary>
    /// <param name="pod">The pod's name: the Deployment's, that of a ReplicaSet and one of its own.</param>
    /// <returns>The name; <see langword="null"/> where the pod's is of another shape.</returns>
    public static string? DeploymentOf(string pod) => PodOfDeployment().Match(pod) is { Success: true } match ? match.Groups[1].Value : null;

    private static string FirstOf(string flag, string? variable, string otherwise) =>
        flag.Length > 0 ? flag : variable is { Length: > 0 } set ? set : otherwise;

    private static void Check(FlagValues values, string flag, string selector)
    {
        if (LabelSelectorSyntax.FindFault(selector) is { } fault)
        {
            values.Errors.Add($"invalid {flag} \"{selector}\": {fault}");
        }
    }

    private static List<int> ReadPorts(FlagReader read, FlagValues values, bool needed)
    {
        List<int> ports = [];
        foreach (string item in read.List("endpoint-target-ports"))
        {
            if (!int.TryParse(item, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int port))
            {
                values.Errors.Add($"--endpoint-target-ports={item}: expected a whole number");
            }
            else if (needed && port is (< 0 or > 65535))
            {
                values.Errors.Add($"invalid port number {port} in \"endpoint-target-ports\"");
            }
            else if (!ports.Contains(port))
            {
                ports.Add(port);
            }
        }

        if (needed && ports.Count is (0 or > MostPorts))
        {
            values.Errors.Add($"flag \"endpoint-target-ports\" should have length from 1 to {MostPorts}");
        }

        return ports;
    }

    [GeneratedRegex(@"^(.+)-[a-z0-9]+-[a-z0-9]+\z")]
    private static partial Regex PodOfDeployment();
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace EndpointPicker.Demo.Programs;

/// <summary>
/// Makes Envoy's bootstrap from the one that the repository offers to users: its listener and cluster for the picker's fleet, and a copy of both
/// for the other fleet that differs in nothing but that it asks no picker and goes round robin.
/// </summary>
internal static partial class EnvoyBootstrap
{
    public const string PickerListener = "ingress";
    public const string RoundRobinListener = "round_robin_ingress";

    private const string PickerCluster = "inference_pool";
    private const string RoundRobinCluster = "round_robin_pool";

    /// <summary>The whole text; listeners and admin get free ports.</summary>
    /// <param name="text">deploy/envoy/override-host.yaml.</param>
    /// <param name="pickerPort">The picker's gRPC port.</param>
    /// <param name="picked">Ports of the picker's model servers.</param>
    /// <param name="roundRobin">Ports of the other fleet's.</param>
    public static string Write(string text, int pickerPort, IReadOnlyList<int> picked, IReadOnlyList<int> roundRobin)
    {
        text = Port(Port(Port(text, 9901, 0), 10000, 0), 9002, pickerPort);
        string head = Between(text, null, "  - name: ingress\n");
        string listener = Between(text, "  - name: ingress\n", "  clusters:\n");
        string cluster = Between(text, "  - name: inference_pool\n", "  - name: epp\n");
        string tail = Between(text, "  - name: epp\n", null);

        string plainListener = Rename(listener, "name: ingress", $"name: {RoundRobinListener}");
        plainListener = Rename(plainListener, $"cluster: {PickerCluster}", $"cluster: {RoundRobinCluster}");
        plainListener = Rename(plainListener, Between(listener, "          - name: envoy.filters.http.ext_proc\n", "          - name: envoy.filters.http.router\n"), "");
        string plainCluster = Rename(cluster, $"  - name: {PickerCluster}", $"  - name: {RoundRobinCluster}");
        plainCluster = Rename(plainCluster, $"cluster_name: {PickerCluster}", $"cluster_name: {RoundRobinCluster}");
        plainCluster = Rename(plainCluster, Between(cluster, "    load_balancing_policy:\n", "    circuit_breakers:\n"), "    lb_policy: ROUND_ROBIN\n");
        return head + listener + plainListener + "  clusters:\n" + WithHosts(cluster, picked) + WithHosts(plainCluster, roundRobin) + tail;
    }

    private static string WithHosts(string cluster, IReadOnlyList<int> ports)
    {
        Match hosts = Hosts().Match(cluster);
        if (!hosts.Success)
        {
            throw Unexpected("endpoints");
        }

        string all = string.Concat(ports.Select(port => string.Create(CultureInfo.InvariantCulture, $"{hosts.Groups["before"].Value}{port}{hosts.Groups["after"].Value}")));
        return cluster[..hosts.Index] + all + cluster[(hosts.Index + hosts.Length)..];
    }

    private static string Port(string text, int from, int to) =>
        Rename(text, string.Create(CultureInfo.InvariantCulture, $"port_value: {from} "), string.Create(CultureInfo.InvariantCulture, $"port_value: {to} "));

    private static string Rename(string text, string from, string to) =>
        text.Contains(from, StringComparison.Ordinal) ? text.Replace(from, to, StringComparison.Ordinal) : throw Unexpected(from);

    private static string Between(string text, string? from, string? to)
    {
        int start = from is null ? 0 : text.IndexOf(from, StringComparison.Ordinal);
        int end = to is null ? text.Length : text.IndexOf(to, Math.Max(start, 0), StringComparison.Ordinal);
        return start >= 0 && end >= 0 ? text[start..end] : throw Unexpected($"{from}{to}");
    }

    private static StartFailedException Unexpected(string what) => new($"deploy/envoy/override-host.yaml has no \"{what.Trim()}\"");

    [GeneratedRegex(@"(?<before> *- endpoint: .*port_value: )\d+(?<after>.*\n)( *- endpoint: .*\n)*")]
    private static partial Regex Hosts();
}

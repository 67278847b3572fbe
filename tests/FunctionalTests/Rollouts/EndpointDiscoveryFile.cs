using System.Globalization;
using System.Net;
using FunctionalTests.Harness;

namespace FunctionalTests.Rollouts;

/// <summary>
/// What a gateway tells Envoy of a pool's pods (EDS), from a file that is replaced whole. A gateway takes it from EndpointSlices, which follow the same
/// pods as the picker does but not at the same moment.
/// </summary>
internal sealed class EndpointDiscoveryFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("eds-").FullName;
    private int _version;

    public EndpointDiscoveryFile() => Write([], 0);

    private string Path => System.IO.Path.Combine(_folder, "eds.json");

    /// <summary>Makes the model servers' cluster of a bootstrap read this file.</summary>
    public string Follow(string bootstrap)
    {
        const string Members = """
                load_assignment:
                  cluster_name: inference_pool
                  endpoints:
                  - lb_endpoints:
                    - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: 8001 } } }
                    - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: 8002 } } }
                    - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: 8003 } } }

            """;
        Assert.Contains(Members, bootstrap, StringComparison.Ordinal);
        string source = $"    eds_cluster_config: {{ eds_config: {{ path_config_source: {{ path: {Path} }}, resource_api_version: V3 }} }}\n";
        return "node: { id: test, cluster: test }\n" + bootstrap
            .Replace(Members, source, StringComparison.Ordinal)
            .Replace("name: inference_pool\n    type: STATIC", "name: inference_pool\n    type: EDS", StringComparison.Ordinal);
    }

    /// <summary>Replaces the members, and waits until Envoy has them.</summary>
    public async Task PublishAsync(IEnumerable<IPAddress> addresses, int port, EnvoyProcess envoy)
    {
        IPAddress[] all = [.. addresses];
        Write(all, port);
        await envoy.WaitForStatAsync("^cluster.inference_pool.membership_total$", total => total == all.Length);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(IReadOnlyList<IPAddress> addresses, int port)
    {
        string members = string.Join(',', addresses.Select(address =>
            $$"""{"endpoint":{"address":{"socket_address":{"port_value":{{port.ToString(CultureInfo.InvariantCulture)}},"address":"{{address}}"} } } }"""));
        string next = Path + ".next";
        File.WriteAllText(next, $$"""
            {"version_info":"{{++_version}}","resources":[{"@type":"type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment",
             "cluster_name":"inference_pool","endpoints":[{"lb_endpoints":[{{members}}]}]}]}
            """);
        File.Move(next, Path, overwrite: true);
    }
}

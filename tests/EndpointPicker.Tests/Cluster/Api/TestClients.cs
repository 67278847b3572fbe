using EndpointPicker.Cluster.Api;
using Microsoft.Extensions.Logging.Abstractions;
using Testing;

namespace EndpointPicker.Tests.Cluster.Api;

/// <summary>Clients for servers under test.</summary>
internal static class TestClients
{
    /// <summary>The access of the administrator of a test server.</summary>
    public static ClusterAccess Access(TestApi api) => ClusterAccess.Load(name => name == "KUBECONFIG" ? api.KubeConfig : null, "/nowhere");

    /// <summary>A client of the administrator.</summary>
    public static ApiClient Admin(TestApi api) => Of(Access(api));

    /// <summary>A client.</summary>
    public static ApiClient Of(ClusterAccess access, ApiClientOptions? options = null) =>
        new(access, options ?? new ApiClientOptions(), TimeProvider.System, NullLogger<ApiClient>.Instance);

    /// <summary>The same access over another port of this machine.</summary>
    public static ClusterAccess Through(this ClusterAccess access, int port) =>
        access with { Server = new UriBuilder(access.Server) { Port = port }.Uri };
}

namespace EndpointPicker.Cluster.Api;

/// <summary>The way to the API server from inside a pod.</summary>
internal static class InCluster
{
    /// <summary>Reads the service account's folder.</summary>
    /// <param name="host">The API server's host, an IPv6 address without brackets.</param>
    /// <param name="port">Its port.</param>
    /// <param name="folder">The service account's folder.</param>
    /// <exception cref="ClusterAccessException">There is no token, or the address is none.</exception>
    public static ClusterAccess Load(string host, string port, string folder)
    {
        string authority = host.Contains(':') && !host.StartsWith('[') ? $"[{host}]:{port}" : $"{host}:{port}";
        if (!Uri.TryCreate($"https://{authority}", UriKind.Absolute, out Uri? server))
        {
            throw new ClusterAccessException(
                $"'{authority}' is no address of an API server; correct the variables KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT, which Kubernetes sets in every pod");
        }

        string tokenFile = Path.Combine(folder, "token");
        if (!File.Exists(tokenFile))
        {
            throw new ClusterAccessException(
                $"there is no service account token at {tokenFile}; give the pod a service account and do not set automountServiceAccountToken: false, or set KUBECONFIG");
        }

        string authorityFile = Path.Combine(folder, "ca.crt");
        string namespaceFile = Path.Combine(folder, "namespace");
        return new ClusterAccess
        {
            Server = server,
            Source = $"the service account in {folder}",
            Namespace = File.Exists(namespaceFile) ? File.ReadAllText(namespaceFile).Trim() : "",
            Trust = new ServerTrust { Authority = File.Exists(authorityFile) ? PemSource.In(authorityFile) : null },
            Credentials = new ClusterCredentials { TokenFile = tokenFile },
        };
    }
}

namespace EndpointPicker.Cluster.Api;

/// <summary>The way to the API server from inside a pod.</summary>
internal static class InCluster
{
    /// <summary>Reads the service account's folder.</summary>
    /// <param name="host">The API server's host, an IPv6 address without brackets.</param>
    /// <param name="port">Its port.</param>
    /// <param name="folder">The service account's folder.</param>
    /// <returns>The way; <see langword="null"/> where there is no token.</returns>
    /// <exception cref="ClusterAccessException">The address is none, or a file cannot be used.</exception>
    public static ClusterAccess? Load(string host, string port, string folder)
    {
        string tokenFile = Path.Combine(folder, "token");
        if (!File.Exists(tokenFile))
        {
            return null;
        }

        string authority = host.Contains(':') && !host.StartsWith('[') ? $"[{host}]:{port}" : $"{host}:{port}";
        if (!Uri.TryCreate($"https://{authority}", UriKind.Absolute, out Uri? server))
        {
            throw new ClusterAccessException(
                $"'{authority}' is no address of an API server; correct the variables KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT, which Kubernetes sets in every pod");
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
        }.Checked();
    }
}

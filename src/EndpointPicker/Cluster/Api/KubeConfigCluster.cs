namespace EndpointPicker.Cluster.Api;

/// <summary>Reads a cluster of a kubeconfig: where the server is and how it is known.</summary>
internal static class KubeConfigCluster
{
    /// <summary>The server's address.</summary>
    public static Uri Server(KubeConfigEntry cluster)
    {
        bool isAddress = Uri.TryCreate(cluster.Require("server"), UriKind.Absolute, out Uri? server) && server is { Scheme: "https" or "http", UserInfo: "", Query: "", Fragment: "" };
        return isAddress ? server! : throw cluster.Wrong("server", "must be an address such as https://10.0.0.1:6443");
    }

    /// <summary>How its certificate is judged.</summary>
    public static ServerTrust Trust(KubeConfigEntry cluster)
    {
        if (cluster.Text("proxy-url") is not null)
        {
            throw cluster.Wrong("proxy-url", "is not supported; let the server's address lead to the API server directly, or forward a port to it");
        }

        ServerTrust trust = new()
        {
            Authority = cluster.Pem("certificate-authority"),
            ServerName = cluster.Text("tls-server-name"),
            SkipVerification = cluster.Flag("insecure-skip-tls-verify"),
        };
        return trust is { SkipVerification: true, Authority: not null }
            ? throw cluster.Wrong("insecure-skip-tls-verify", "contradicts the certificate authority given beside it; remove one of them")
            : trust;
    }
}

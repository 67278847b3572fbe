namespace EndpointPicker.Cluster.Api;

/// <summary>Reads a user of a kubeconfig. What is not supported is refused: to ignore it would be to come as somebody else.</summary>
internal static class KubeConfigUser
{
    private const string Instead = "is not supported; use a token, a tokenFile or a client certificate, for example of a service account";

    private static readonly string[] Unsupported =
    [
        "exec", "auth-provider", "username", "password", "as", "as-uid", "as-groups", "as-user-extra",
    ];

    /// <summary>Its credentials.</summary>
    public static ClusterCredentials Credentials(KubeConfigEntry user)
    {
        if (Array.Find(Unsupported, user.Has) is { } field)
        {
            throw user.Wrong(field, Instead);
        }

        string? token = user.Text("token")?.Trim();
        if (token?.All(char.IsAscii) == false || token?.Any(char.IsControl) == true)
        {
            throw user.Wrong("token", "must be one line of ASCII characters");
        }

        ClusterCredentials credentials = new()
        {
            Token = token,
            TokenFile = user.FilePath("tokenFile"),
            Certificate = user.Pem("client-certificate"),
            Key = user.Pem("client-key"),
        };
        return (credentials.Certificate is null) == (credentials.Key is null)
            ? credentials
            : throw user.Wrong("client-certificate", "must come with a client-key, and a client-key with a client-certificate");
    }
}

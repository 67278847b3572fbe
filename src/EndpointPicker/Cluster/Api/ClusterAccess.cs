using System.Security.Cryptography;

namespace EndpointPicker.Cluster.Api;

/// <summary>Where the API server is, why it is trusted, and who we are.</summary>
internal sealed record ClusterAccess
{
    /// <summary>Where the kubelet puts a service account's token, authority and namespace.</summary>
    internal const string ServiceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>The server's address; a path in it goes before every request's path.</summary>
    public required Uri Server { get; init; }

    /// <summary>Where this was read from, for logs.</summary>
    public required string Source { get; init; }

    /// <summary>The namespace of the context or service account; empty where unknown.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>How the server's certificate is judged.</summary>
    public ServerTrust Trust { get; init; } = new();

    /// <summary>Who we are.</summary>
    public ClusterCredentials Credentials { get; init; } = new();

    /// <summary>
    /// Finds the API server as other Kubernetes programs do: the files of <c>KUBECONFIG</c> where it is set, else the service account of the pod
    /// that this process runs in, else <c>.kube/config</c> in the home folder.
    /// </summary>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="home">The home folder.</param>
    /// <param name="serviceAccount">The folder of the service account.</param>
    /// <exception cref="ClusterAccessException">None of the places tells, or what it tells is wrong.</exception>
    public static ClusterAccess Load(Func<string, string?> environment, string home, string serviceAccount = ServiceAccountFolder)
    {
        if (environment("KUBECONFIG") is { Length: > 0 } list)
        {
            string[] files = list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
            return KubeConfig.Load(files)?.Access()
                ?? throw new ClusterAccessException($"no Kubernetes API server: KUBECONFIG names {list}, and there is no such file; correct the path, or unset KUBECONFIG");
        }

        string own = Path.Combine(home, ".kube", "config");
        if (environment("KUBERNETES_SERVICE_HOST") is not { Length: > 0 } host || environment("KUBERNETES_SERVICE_PORT") is not { Length: > 0 } port)
        {
            return KubeConfig.Load([own])?.Access()
                ?? throw new ClusterAccessException(
                    $"no Kubernetes API server: KUBECONFIG is not set, this process runs in no pod (KUBERNETES_SERVICE_HOST is not set), and there is no file {own}; "
                    + "set KUBECONFIG to a kubeconfig file");
        }

        return InCluster.Load(host, port, serviceAccount) ?? KubeConfig.Load([own])?.Access()
            ?? throw new ClusterAccessException(
                $"there is no service account token in {serviceAccount}; give the pod a service account and do not set automountServiceAccountToken: false, "
                + "or set KUBECONFIG to a kubeconfig file");
    }

    /// <summary>Fails where certificates, keys or token files cannot be used, so that the process tells at its start and not when it first connects.</summary>
    /// <exception cref="ClusterAccessException">Something is missing or broken.</exception>
    public ClusterAccess Checked()
    {
        try
        {
            if (Trust.Authority is { } authority)
            {
                PemReading.Authorities(authority);
            }

            if (Credentials is { Certificate: { } certificate, Key: { } key })
            {
                PemReading.Identity(certificate.Read(), key.Read());
            }

            return Credentials.TokenFile is { } file && File.ReadAllText(file).Trim().Length == 0
                ? throw new ClusterAccessException($"the token file {file} of {Source} is empty; write a token into it")
                : this;
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new ClusterAccessException($"a certificate, key or token of {Source} cannot be used: {broken.Message}; correct it, or the path to it", broken);
        }
    }
}

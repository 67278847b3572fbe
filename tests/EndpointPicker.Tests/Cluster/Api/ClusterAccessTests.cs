using EndpointPicker.Cluster.Api;

namespace EndpointPicker.Tests.Cluster.Api;

public sealed class ClusterAccessTests : IDisposable
{
    private const string Minimal = """
        apiVersion: v1
        kind: Config
        current-context: c
        contexts: [{name: c, context: {cluster: k, user: u, namespace: team}}]
        clusters: [{name: k, cluster: {server: "https://10.0.0.1:6443"}}]
        users: [{name: u, user: {token: s3cret}}]
        """;

    private readonly Dictionary<string, string> _environment = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("access-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_KubeConfig_GoesFirst()
    {
        InPod("10.0.0.9");
        Write("home/.kube/config", Minimal.Replace("10.0.0.1", "10.0.0.2", StringComparison.Ordinal));
        _environment["KUBECONFIG"] = Write("own", Minimal);

        ClusterAccess access = Load();

        Assert.Equal(("https://10.0.0.1:6443/", "team", "s3cret"), (access.Server.AbsoluteUri, access.Namespace, access.Credentials.Token));
        Assert.Equal($"context 'c' of {Path.Combine(_folder, "own")}", access.Source);
        Assert.DoesNotContain("s3cret", access.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.9", "https://10.0.0.9/")]
    [InlineData("fd00::9", "https://[fd00::9]/")]
    [InlineData("kubernetes.default.svc", "https://kubernetes.default.svc/")]
    public void Load_InAPod_IsItsServiceAccount(string host, string server)
    {
        InPod(host);
        Write("home/.kube/config", Minimal);

        ClusterAccess access = Load();

        Assert.Equal((server, "space"), (access.Server.AbsoluteUri, access.Namespace));
        Assert.Equal(Path.Combine(_folder, "account", "token"), access.Credentials.TokenFile);
        Assert.Null(access.Trust.Authority);
    }

    [Fact]
    public void Load_InAPodWithoutAccount_IsTheHomeFolders()
    {
        _environment["KUBERNETES_SERVICE_HOST"] = "10.0.0.9";
        _environment["KUBERNETES_SERVICE_PORT"] = "443";
        Assert.Contains("automountServiceAccountToken", Assert.Throws<ClusterAccessException>(Load).Message, StringComparison.Ordinal);

        Write("home/.kube/config", Minimal);

        Assert.Equal("10.0.0.1", Load().Server.Host);
    }

    [Fact]
    public void Load_NothingAnywhere_SaysWhereItLooked()
    {
        string message = Assert.Throws<ClusterAccessException>(Load).Message;

        Assert.Contains("KUBECONFIG is not set", message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(_folder, "home", ".kube", "config"), message, StringComparison.Ordinal);

        _environment["KUBECONFIG"] = Path.Combine(_folder, "missing");
        Assert.Contains("KUBECONFIG names", Assert.Throws<ClusterAccessException>(Load).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SeveralFiles_AreMergedAndTheFirstCounts()
    {
        string first = Write("first", "current-context: c\nusers: [{name: u, user: {tokenFile: tokens/mine}}]\n");
        Write("tokens/mine", "t");
        string second = Write("second", Minimal);
        _environment["KUBECONFIG"] = string.Join(Path.PathSeparator, Path.Combine(_folder, "missing"), first, second);

        ClusterAccess access = Load();

        Assert.Equal(Path.Combine(_folder, "tokens", "mine"), access.Credentials.TokenFile);
        Assert.Null(access.Credentials.Token);
        Assert.Equal("10.0.0.1", access.Server.Host);
    }

    [Fact]
    public void Load_Json_IsRead()
    {
        _environment["KUBECONFIG"] = Write("json", """
            {"current-context":"c","contexts":[{"name":"c","context":{"cluster":"k"}}],
             "clusters":[{"name":"k","cluster":{"server":"http://localhost:8001/base","insecure-skip-tls-verify":true,"tls-server-name":"kubernetes"}}]}
            """);

        ClusterAccess access = Load();

        Assert.Equal(("http://localhost:8001/base", "", true, "kubernetes"), (access.Server.AbsoluteUri, access.Namespace, access.Trust.SkipVerification, access.Trust.ServerName));
        Assert.Null(access.Credentials.Token);
    }

    [Theory]
    [InlineData("token: s3cret", "exec: {command: aws}", "exec of user 'u' is not supported")]
    [InlineData("token: s3cret", "auth-provider: {name: gcp}", "auth-provider of user 'u' is not supported")]
    [InlineData("token: s3cret", "token: s3cret, as: admin", "as of user 'u' is not supported")]
    [InlineData("token: s3cret", "username: s3cret, password: s3cret", "username of user 'u' is not supported")]
    [InlineData("token: s3cret", "tokenFile: nowhere", "a certificate, key or token of context 'c'")]
    [InlineData("token: s3cret", "token: [s3cret]", "token of user 'u' must be a text")]
    [InlineData("token: s3cret", "token: \"s3cret\\ns3cret\"", "token of user 'u' must be one line")]
    [InlineData("token: s3cret", "client-key-data: czNjcmV0", "client-certificate of user 'u' must come with a client-key")]
    [InlineData("token: s3cret", "client-key-data: czNjcmV0, client-certificate-data: czNjcmV0", "a certificate, key or token of context 'c'")]
    [InlineData("token: s3cret", "client-key-data: '!s3cret', client-certificate-data: '!'", "client-certificate-data of user 'u' must be base64")]
    [InlineData("\"https://10.0.0.1:6443\"", "10.0.0.1:6443", "server of cluster 'k' must be an address such as https")]
    [InlineData("\"https://10.0.0.1:6443\"", "'https://s3cret:s3cret@a'", "server of cluster 'k' must be an address such as https")]
    [InlineData("server: \"https://10.0.0.1:6443\"", "", "cluster 'k'")]
    [InlineData("6443\"", "6443\", proxy-url: 'socks5://a'", "proxy-url of cluster 'k' is not supported")]
    [InlineData("6443\"", "6443\", certificate-authority: nowhere", "nowhere")]
    [InlineData("6443\"", "6443\", certificate-authority-data: eA==", "holds no certificate")]
    [InlineData("6443\"", "6443\", certificate-authority-data: eA==, insecure-skip-tls-verify: true", "insecure-skip-tls-verify of cluster 'k' contradicts")]
    [InlineData("6443\"", "6443\", insecure-skip-tls-verify: maybe", "insecure-skip-tls-verify of cluster 'k' must be true or false")]
    [InlineData("cluster: k", "cluster: q", "names the cluster 'q', which does not exist; add it, or name one of: k")]
    [InlineData("user: u,", "user: q,", "names the user 'q', which does not exist")]
    [InlineData("current-context: c", "current-context: d", "names the context 'd', which does not exist; add it, or name one of: c")]
    [InlineData("current-context: c", "", "has no current-context")]
    [InlineData("apiVersion: v1", "]", "this is not YAML")]
    [InlineData("users: [{name: u, user: {token: s3cret}}]", "users: {}", "users of ")]
    [InlineData("users: [{name: u, user: {token: s3cret}}]", "users: [s3cret]", "users of ")]
    public void Load_Wrong_SaysWhatAndWhereAndNoSecret(string old, string wrong, string expected)
    {
        _environment["KUBECONFIG"] = Write("own", Minimal.Replace(old, wrong, StringComparison.Ordinal));

        string message = Assert.Throws<ClusterAccessException>(Load).Message;

        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(_folder, "own"), message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", message, StringComparison.Ordinal);
    }

    private ClusterAccess Load() => ClusterAccess.Load(_environment.GetValueOrDefault, Path.Combine(_folder, "home"), Path.Combine(_folder, "account"));

    private void InPod(string host)
    {
        _environment["KUBERNETES_SERVICE_HOST"] = host;
        _environment["KUBERNETES_SERVICE_PORT"] = "443";
        Write("account/token", "t");
        Write("account/namespace", "space\n");
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}

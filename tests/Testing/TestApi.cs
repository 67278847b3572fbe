using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Testing;

/// <summary>
/// A real Kubernetes API server in a folder of its own, and kubectl for it. It can be stopped and started again with its data, on its port.
/// </summary>
public sealed class TestApi : IAsyncDisposable
{
    private readonly TestApiSettings _settings;
    private readonly string _folder = Directory.CreateTempSubdirectory("testapi-").FullName;
    private readonly int _port = KeptPorts.Next();
    private ChildProcess? _process;

    private TestApi(TestApiSettings settings) => _settings = settings;

    /// <summary>The server's address.</summary>
    public Uri Server { get; private set; } = null!;

    /// <summary>The path of a kubeconfig for an administrator.</summary>
    public string KubeConfig => Path.Combine(_folder, "admin.kubeconfig");

    /// <summary>The path of a kubeconfig without a user, for use with a token.</summary>
    public string AnonymousKubeConfig => Path.Combine(_folder, "anonymous.kubeconfig");

    /// <summary>The path of the authority's certificate, PEM.</summary>
    public string AuthorityFile => Path.Combine(_folder, "pki", "ca.crt");

    /// <summary>The path of the authority's key, PEM; it is trusted for clients too.</summary>
    public string AuthorityKeyFile => Path.Combine(_folder, "pki", "ca.key");

    /// <summary>The administrator's bearer token.</summary>
    public string AdminToken =>
        File.ReadLines(KubeConfig).Select(line => line.Trim()).First(line => line.StartsWith("token: ", StringComparison.Ordinal))["token: ".Length..];

    /// <summary>Starts a server; the test is skipped where the program is missing.</summary>
    /// <param name="settings">How; as it comes where absent.</param>
    public static async Task<TestApi> StartAsync(TestApiSettings? settings = null)
    {
        Tools.RequireTestApi();
        TestApi api = new(settings ?? new TestApiSettings());
        try
        {
            await api.StartAgainAsync();
            return api;
        }
        catch
        {
            await api.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the server, as an outage does; its data stays.</summary>
    public async Task StopAsync()
    {
        if (_process is { } running)
        {
            _process = null;
            running.Terminate();
            await running.Exited.DefaultTimeout();
            await running.DisposeAsync();
        }
    }

    /// <summary>Ends the server and throws its data away: it then comes back as one that was restored from an older backup. Keys and tokens stay.</summary>
    public async Task StopAndForgetAsync()
    {
        await StopAsync();
        Directory.Delete(Path.Combine(_folder, "etcd"), recursive: true);
    }

    /// <summary>Starts the server after <see cref="StopAsync"/>, with its data and on its port.</summary>
    public async Task StartAgainAsync()
    {
        _process = ChildProcess.Start(Tools.RequireTestApi(), Arguments());
        const string Ready = "ready ";
        string line = await _process.WaitForLineAsync(line => line.StartsWith(Ready, StringComparison.Ordinal));
        Server = new Uri(line[Ready.Length..]);
    }

    /// <summary>Compacts etcd: without a watch cache, older resource versions then answer 410.</summary>
    public void Compact() => _process!.SignalUser1();

    /// <summary>Runs kubectl as the administrator.</summary>
    /// <param name="arguments">Its arguments, separated by single spaces.</param>
    /// <param name="input">Its standard input.</param>
    public async Task<KubectlResult> KubectlAsync(string arguments, string input = "")
    {
        ProcessStartInfo start = new(Tools.RequireKubectl(), ["--kubeconfig", KubeConfig, .. arguments.Split(' ')])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync().DefaultTimeout();
        return new KubectlResult(process.ExitCode, await output, await error);
    }

    /// <summary>Applies a manifest; fails where kubectl does.</summary>
    /// <param name="manifest">YAML or JSON, with any number of documents.</param>
    public async Task ApplyAsync(string manifest)
    {
        KubectlResult result = await KubectlAsync("apply -f -", manifest);
        Assert.True(result.ExitCode == 0, result.Error);
    }

    /// <summary>
    /// Waits until the server judges by every role and binding that was written before: it learns of them by watches of its own, so that who was granted
    /// something may still be refused it a moment later.
    /// </summary>
    public async Task RightsInForceAsync()
    {
        string last = $"last-{Guid.NewGuid():N}";
        await ApplyAsync($$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: { name: {{last}} }
            rules: [{ nonResourceURLs: [/{{last}}], verbs: [get] }]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: { name: {{last}} }
            roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{last}} }
            subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: User, name: {{last}} }]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: { name: {{last}}, namespace: default }
            rules: [{ apiGroups: [""], resources: [pods], resourceNames: [{{last}}], verbs: [get] }]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: { name: {{last}}, namespace: default }
            roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: {{last}} }
            subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: User, name: {{last}} }]
            """);
        string reviews = $$"""
            apiVersion: authorization.k8s.io/v1
            kind: SubjectAccessReview
            spec: { user: {{last}}, nonResourceAttributes: { path: /{{last}}, verb: get } }
            ---
            apiVersion: authorization.k8s.io/v1
            kind: SubjectAccessReview
            spec: { user: {{last}}, resourceAttributes: { namespace: default, resource: pods, name: {{last}}, verb: get } }
            """;
        await Polling.UntilAsync(() => KubectlAsync("create -o jsonpath={.status.allowed} -f -", reviews), answer => answer.Output == "truetrue");
    }

    /// <summary>A token for a service account, which is created where it is missing.</summary>
    /// <param name="space">The namespace, which exists.</param>
    /// <param name="name">The service account.</param>
    public async Task<string> ServiceAccountTokenAsync(string space, string name)
    {
        await KubectlAsync($"-n {space} create serviceaccount {name}");
        KubectlResult result = await KubectlAsync($"-n {space} create token {name}");
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output.Trim();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private List<string> Arguments()
    {
        List<string> arguments = ["--dir", _folder, "--port", _port.ToString(CultureInfo.InvariantCulture)];
        foreach (string crds in _settings.Crds)
        {
            arguments.AddRange(["--crds", crds]);
        }

        if (_settings.Tokens.Count > 0)
        {
            string tokens = Path.Combine(_folder, "extra-tokens.csv");
            File.WriteAllLines(tokens, _settings.Tokens);
            arguments.AddRange(["--tokens", tokens]);
        }

        if (_settings.CompactEvery.Length > 0)
        {
            arguments.AddRange(["--compact-every", _settings.CompactEvery]);
        }
        else if (!_settings.WatchCache)
        {
            arguments.Add("--watch-cache=false");
        }

        if (_settings.ServerFlags.Count > 0)
        {
            arguments.AddRange(["--", .. _settings.ServerFlags]);
        }

        return arguments;
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Testing;

namespace FunctionalTests.Rollouts;

/// <summary>Writes objects to a test's API server as an administrator: what controllers and kubelets would write, and what people edit.</summary>
internal sealed class ClusterWriter : IDisposable
{
    private readonly HttpClient _client;

    public ClusterWriter(TestApi api)
    {
        X509Certificate2 authority = X509CertificateLoader.LoadCertificateFromFile(api.AuthorityFile);
        SocketsHttpHandler handler = new();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { authority },
        };
        _client = new HttpClient(handler) { BaseAddress = api.Server };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", api.AdminToken);
    }

    public Task CreateAsync(string path, string json) => SendAsync(HttpMethod.Post, path, "application/json", json);

    public Task MergeAsync(string path, string json) => SendAsync(HttpMethod.Patch, path, "application/merge-patch+json", json);

    public Task DeleteAsync(string path, string options = "{}") => SendAsync(HttpMethod.Delete, path, "application/json", options);

    public void Dispose() => _client.Dispose();

    private async Task SendAsync(HttpMethod method, string path, string type, string json)
    {
        using HttpRequestMessage request = new(method, path) { Content = new StringContent(json, Encoding.UTF8, type) };
        using HttpResponseMessage answer = await _client.SendAsync(request).DefaultTimeout();
        if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.Accepted))
        {
            throw new InvalidOperationException($"{method} {path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
    }
}

using System.Net.Http.Headers;
using System.Text;
using Testing;

namespace FunctionalTests.Harness;

/// <summary>Ordinary OpenAI-style requests through a proxy.</summary>
internal sealed class Completions : IDisposable
{
    private readonly HttpClient _client;

    public Completions(int port, int connections = int.MaxValue)
    {
        SocketsHttpHandler handler = new() { MaxConnectionsPerServer = connections };
        _client = new HttpClient(handler) { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(3) };
    }

    public Task<HttpResponseMessage> PostAsync(string prompt = "hello", string model = "m", Action<HttpRequestHeaders>? headers = null)
    {
        HttpRequestMessage request = new(HttpMethod.Post, "/v1/completions")
        {
            Content = new StringContent($$"""{"model":"{{model}}","prompt":"{{prompt}}"}""", Encoding.UTF8, "application/json"),
        };
        headers?.Invoke(request.Headers);
        return _client.SendAsync(request);
    }

    public async Task<(int Status, string Body, string? ServedBy)> SendAsync(string prompt = "hello", Action<HttpRequestHeaders>? headers = null)
    {
        using HttpResponseMessage answer = await PostAsync(prompt, headers: headers).DefaultTimeout();
        string body = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, body, answer.Headers.TryGetValues("x-served-by", out IEnumerable<string>? served) ? served.First() : null);
    }

    public void Dispose() => _client.Dispose();
}

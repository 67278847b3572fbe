using Xunit;

namespace Testing;

/// <summary>
/// One API server, with the CRDs of the inference extension and of the router, for all tests of an assembly that take it as a fixture. It starts when it is
/// first asked for. Each test uses a namespace of its own.
/// </summary>
public sealed class TestApiFixture : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private TestApi? _api;
    private int _spaces;

    /// <summary>The server; the test is skipped where the program or the CRDs are missing.</summary>
    public async Task<TestApi> GetAsync()
    {
        await _gate.WaitAsync();
        try
        {
            return _api ??= await TestApi.StartAsync(new TestApiSettings
            {
                Crds = [Fixtures.Require("crds", "inference-extension-v1.5.0"), Fixtures.Require("crds", "llm-d-router-v0.10")],
            });
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Makes a namespace that nobody else uses.</summary>
    public async Task<string> NewNamespaceAsync()
    {
        TestApi api = await GetAsync();
        string name = $"test-{Interlocked.Increment(ref _spaces)}";
        KubectlResult result = await api.KubectlAsync($"create namespace {name}");
        Assert.True(result.ExitCode == 0, result.Error);
        return name;
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }

        _gate.Dispose();
    }
}

using System.Collections.Concurrent;
using FunctionalTests.Harness;

namespace FunctionalTests.BodyModes;

/// <summary>One chain for each body mode, started when a test first asks for it and kept for the others.</summary>
public abstract class BodyModeChains : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Lazy<Task<IChain>>> _chains = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<Task<IChain>> chain in _chains.Values)
        {
            await (await chain.Value).DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>The chain of a profile: a request body mode, with <c>/both</c> the response in the same mode too.</summary>
    internal Task<IChain> GetAsync(string profile) => _chains.GetOrAdd(profile, name => new Lazy<Task<IChain>>(() =>
    {
        string[] parts = name.Split('/');
        return StartAsync(parts[0], parts.Length > 1 ? parts[0] : "NONE");
    })).Value;

    private protected abstract Task<IChain> StartAsync(string requestMode, string responseMode);
}

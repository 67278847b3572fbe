using System.Collections.Concurrent;
using FunctionalTests.Harness;

namespace FunctionalTests.Envoy;

/// <summary>One chain for each body mode, started when a test first asks for it and kept for the others.</summary>
public sealed class BodyModes : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Lazy<Task<Chain>>> _chains = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<Task<Chain>> chain in _chains.Values)
        {
            await (await chain.Value).DisposeAsync();
        }
    }

    /// <summary>The chain of a profile: a request body mode, with <c>/both</c> the response in the same mode too.</summary>
    internal Task<Chain> GetAsync(string profile) => _chains.GetOrAdd(profile, name => new Lazy<Task<Chain>>(() =>
    {
        string[] parts = name.Split('/');

        // With a retry policy on the route Envoy 1.40 can send a body that ends with trailers twice, also where the picker sees none of it.
        string bootstrap = Bootstraps.OverrideHost.WithoutRetries();
        return Chain.StartAsync(bootstrap.WithMode(parts[0], parts.Length > 1 ? parts[0] : "NONE"));
    })).Value;
}

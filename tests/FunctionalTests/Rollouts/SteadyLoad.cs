using System.Collections.Concurrent;
using System.Diagnostics;
using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Rollouts;

/// <summary>Clients that send one request after the other until they are stopped, and remember each.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    // No prompt is like another's beginning: with cached prefixes a new pod would get no work for long.
    private static int _prompts;

    private readonly CancellationTokenSource _stop = new();

    // By client, when its request was sent.
    private readonly ConcurrentDictionary<int, long> _underWay = new();
    private readonly Completions _client;
    private readonly Task _workers;

    public SteadyLoad(int port, int clients)
    {
        _client = new Completions(port);
        _workers = Task.WhenAll(Enumerable.Range(0, clients).Select(RunAsync));
    }

    /// <summary>What was served so far.</summary>
    public ConcurrentQueue<ServedRequest> Requests { get; } = new();

    /// <summary>Waits until so many more requests have ended.</summary>
    public Task MoreAsync(int count)
    {
        int goal = Requests.Count + count;
        return Polling.UntilAsync(() => Task.FromResult(Requests.Count >= goal));
    }

    /// <summary>Waits until all requests that were sent before a moment have ended.</summary>
    /// <param name="moment">The moment, in ticks of the machine's clock.</param>
    public Task EndedAsync(long moment) => Polling.UntilAsync(() => Task.FromResult(_underWay.Values.All(sent => sent > moment)));

    /// <summary>Ends it; requests that are under way are waited for.</summary>
    public async Task<IReadOnlyList<ServedRequest>> StopAsync()
    {
        await _stop.CancelAsync();
        await _workers;
        return [.. Requests];
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(int client)
    {
        while (!_stop.IsCancellationRequested)
        {
            long started = Stopwatch.GetTimestamp();
            _underWay[client] = started;
            try
            {
                (int status, string body, string? servedBy) = await _client.SendAsync($"{Interlocked.Increment(ref _prompts)} is the number of this prompt");
                Requests.Enqueue(new ServedRequest(started, status, servedBy, body));
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or TimeoutException)
            {
                Requests.Enqueue(new ServedRequest(started, 0, null, e.Message));
            }

            _underWay.TryRemove(client, out _);
        }
    }
}

using EndpointPicker.Cluster.Api;
using EndpointPicker.Tests.DataLayer;
using Testing;

namespace EndpointPicker.Tests.Cluster.Api;

/// <summary>A watch that runs until the test is over.</summary>
internal sealed class WatchRun : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly ApiClient _client;
    private readonly Task _running;

    public WatchRun(ClusterAccess access, ResourceQuery query, TimeProvider time, RecordingSink? sink = null, ApiClientOptions? options = null, FaultNotices? notices = null)
    {
        Sink = sink ?? new RecordingSink();
        _client = TestClients.Of(access, options);
        Watch = new ResourceWatch<TestObject>(_client, query, TestObject.Reader, Sink, new WatchContext(time, new Random(11), Log, notices ?? new FaultNotices(time, Log)));
        _running = Watch.RunAsync(_end.Token);
    }

    public RecordingSink Sink { get; }

    public RecordedLog Log { get; } = new();

    public ResourceWatch<TestObject> Watch { get; }

    /// <summary>Waits for a state, which changes without a call of the sink.</summary>
    public Task<WatchState> UntilAsync(WatchPhase phase) => Task.Run(async () =>
    {
        WatchState state;
        while ((state = Watch.State).Phase != phase)
        {
            Assert.False(_running.IsCompleted, "the watch ended");
            await Task.Yield();
        }

        return state;
    }).DefaultTimeout();

    public async ValueTask DisposeAsync()
    {
        Assert.False(_running.IsCompleted, "the watch ended by itself");
        await _end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running.DefaultTimeout());
        _client.Dispose();
        _end.Dispose();
    }
}

using EndpointPicker.Cluster.Api;
using EndpointPicker.Cluster.Resources;

namespace EndpointPicker.Cluster.Following;

/// <summary>A watch that runs until it is disposed of, and how it is getting on.</summary>
internal sealed class FollowedWatch : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _stopping;
    private readonly Action<FollowedWatch> _ended;
    private readonly Func<WatchState> _state;

    private FollowedWatch(ResourceQuery query, Func<WatchState> state, Action<FollowedWatch> ended, CancellationToken stopping)
    {
        Query = query;
        _state = state;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _stopping = _stop.Token;
        _ended = ended;
    }

    public ResourceQuery Query { get; }

    public WatchState State => _state();

    /// <summary>Completes, and never with an exception, when the watch has ended.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Begins to follow.</summary>
    /// <param name="client">The API server.</param>
    /// <param name="followed">What, and who takes it.</param>
    /// <param name="context">Clock, chance and log of this watch.</param>
    /// <param name="ended">Hears that the watch was disposed of.</param>
    /// <param name="stopping">Ends it too.</param>
    public static FollowedWatch Start<T>(ApiClient client, FollowedKind<T> followed, WatchContext context, Action<FollowedWatch> ended, CancellationToken stopping)
        where T : class, IClusterObject
    {
        ResourceWatch<T> watch = new(client, followed.Query, followed.Reader, followed.Sink, context);
        FollowedWatch started = new(followed.Query, () => watch.State, ended, stopping);
        followed.Set.WatchedBy(() => watch.State);
        started.Running = Task.Run(() => started.RunAsync(watch), CancellationToken.None);
        return started;
    }

    public void Dispose()
    {
        _ended(this);
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task RunAsync<T>(ResourceWatch<T> watch)
    {
        try
        {
            await watch.RunAsync(_stopping);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Asked to end.
        }
    }
}

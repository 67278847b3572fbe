using EndpointPicker.Cluster.Api;
using EndpointPicker.Cluster.Resources;

namespace EndpointPicker.Cluster.Following;

/// <summary>A watch that runs until it is disposed of, and how it is getting on.</summary>
internal sealed class FollowedWatch : IDisposable
{
    // A CRD that is installed while the process runs is followed within this time, and up to as much again for jitter.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _stopping;
    private readonly Action<FollowedWatch> _ended;
    private readonly Func<WatchState> _state;
    private volatile WatchState? _absent;

    private FollowedWatch(ResourceQuery query, Func<WatchState> state, Action<FollowedWatch> ended, CancellationToken stopping)
    {
        Query = query;
        _state = state;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _stopping = _stop.Token;
        _ended = ended;
    }

    public ResourceQuery Query { get; }

    public WatchState State => _absent ?? _state();

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
        followed.Set.WatchedBy(() => started.State);
        started.Running = Task.Run(() => started.RunAsync(client, watch, followed.Set, context), CancellationToken.None);
        return started;
    }

    public void Dispose()
    {
        _ended(this);
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task RunAsync<T>(ApiClient client, ResourceWatch<T> watch, ObjectSet<T> set, WatchContext context)
        where T : class, IClusterObject
    {
        try
        {
            while (!await ServedKinds.AskAsync(client, Query.Kind, _stopping))
            {
                if (_absent is null)
                {
                    _absent = new WatchState(WatchPhase.Absent, "", context.Time.GetUtcNow());
                    set.Absent();
                }

                await Task.Delay(LookAgain * (1 + context.Random.NextDouble()), context.Time, _stopping);
            }

            _absent = null;
            await watch.RunAsync(_stopping);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Asked to end.
        }
    }
}

using EndpointPicker.Hosting.Serving;

namespace EndpointPicker.Hosting;

/// <content>Pools that a label selector finds: they come and go.</content>
internal sealed partial class ClusterDiscovery
{
    private async Task FollowSelectedAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, (ServedPool Pool, CancellationTokenSource Stop, Task Running)> members = new(StringComparer.Ordinal);
        using SemaphoreSlim changed = new(1);
        void Wake()
        {
            if (changed.CurrentCount == 0)
            {
                changed.Release();
            }
        }

        follower.Pools.Changed += Wake;
        await using ITimer refresh = time.CreateTimer(_ => Wake(), null, RemarkInterval, RemarkInterval);
        try
        {
            while (true)
            {
                await changed.WaitAsync(cancellationToken);
                bool known = follower.Pools.Known;
                IReadOnlySet<string> names = follower.Pools.Names();
                _pools.ReportNone(follower.Pools.WhyMissing($"InferencePool in {follower.Scope.Namespace} with {follower.Scope.PoolSelector}", "--pool-selector", known));
                string[] joining = [.. names.Where(name => !members.ContainsKey(name)).Order(StringComparer.Ordinal)];
                Array.ForEach(joining, _pools.Expect);
                foreach (string name in joining)
                {
                    ServedPool pool = await served.AddAsync(name, cancellationToken);
                    CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                    members[name] = (pool, stop, FollowAsync(pool, stop.Token));
                    Log.PoolJoined(logger, name);
                }

                foreach (string name in members.Keys.Where(name => !names.Contains(name)).ToArray())
                {
                    (ServedPool pool, CancellationTokenSource stop, Task running) = members[name];
                    members.Remove(name);
                    await stop.CancelAsync();
                    await running;
                    stop.Dispose();
                    await served.RemoveAsync(pool, cancellationToken);
                    _pools.Forget(name);
                    Log.PoolLeft(logger, name, follower.Scope.PoolSelector);
                }
            }
        }
        finally
        {
            follower.Pools.Changed -= Wake;
            foreach ((ServedPool pool, CancellationTokenSource stop, Task running) in members.Values)
            {
                await stop.CancelAsync();
                await running;
                stop.Dispose();

                // After a fault it all begins anew; when the process stops, open streams keep their pools.
                if (!cancellationToken.IsCancellationRequested)
                {
                    await served.RemoveAsync(pool, cancellationToken);
                }
            }
        }
    }
}

using EndpointPicker.Cluster.Following;
using EndpointPicker.Core.Requests.Parsers;
using EndpointPicker.Hosting.Lifetime;
using EndpointPicker.Hosting.Serving;

namespace EndpointPicker.Hosting;

/// <summary>Keeps pools as the cluster says, and readiness as they stand.</summary>
internal sealed partial class ClusterDiscovery(ServedPools served, ClusterFollower follower, Readiness readiness, TimeProvider time, ILogger<ClusterDiscovery> logger)
    : BackgroundService
{
    private static readonly TimeSpan RemarkInterval = TimeSpan.FromSeconds(1);

    private readonly PoolReadiness _pools = new(readiness, served.All.Any(HasFile));

    // The pools keep their last sets; following the cluster must not end with one fault.
    private readonly SupervisedLoop _following = new(fault => Log.FollowingFailed(logger, fault), time);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Log.Begun(logger, follower.Scope.Namespace, follower.Source);
        follower.Start();
        ServedPool[] followed = [.. served.All.Where(pool => !HasFile(pool))];
        Array.ForEach(followed, pool => _pools.Expect(pool.Name));
        List<Task> running = [_following.RunAsync(RemarkAsync, stoppingToken), .. followed.Select(pool => FollowAsync(pool, stoppingToken))];
        if (follower.Scope.PoolSelector.Length > 0)
        {
            running.Add(_following.RunAsync(FollowSelectedAsync, stoppingToken));
        }

        await Task.WhenAll(running);
    }

    private static bool HasFile(ServedPool pool) => pool.Configuration.DataLayer.FileDiscovery is not null;

    private Task FollowAsync(ServedPool pool, CancellationToken cancellationToken)
    {
        FollowedPool followed = new(
            follower.Scope.Namespace,
            pool.Endpoints,
            pool.Rules,
            standing => _pools.Report(pool.Name, standing.Missing, standing.Pending, Mismatch(pool, standing.AppProtocol)))
        {
            Selected = follower.Scope.PoolSelector.Length > 0,
        };
        return _following.RunAsync(token => follower.FollowAsync(followed, token), cancellationToken);
    }

    private static string? Mismatch(ServedPool pool, string protocol)
    {
        RequestParser[] deaf =
            [.. pool.Configuration.Parsers.Used.Where(parser => protocol.Length > 0 && parser.AppProtocols.Count > 0 && !parser.AppProtocols.Contains(protocol))];
        return deaf.Length == 0
            ? null
            : $"InferencePool {pool.Name} has the appProtocol {protocol}, which {string.Join(", ", deaf.Select(parser => parser.Type))} cannot read: correct the pool, or the parsers of the configuration";
    }

    // What a fault of the API server or a missing right means for a picker that goes on with what it knows.
    private async Task RemarkAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(RemarkInterval, time);
        do
        {
            readiness.Remark = follower.Fault is { } fault ? $"the cluster is not followed since {fault.Since:yyyy-MM-ddTHH:mm:ssZ}: {fault.Reason}" : "";
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Following the cluster failed; the last set stays and following starts again", EventName = nameof(FollowingFailed))]
        public static partial void FollowingFailed(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Information, "InferencePool {Pool} is served", EventName = nameof(PoolJoined))]
        public static partial void PoolJoined(ILogger logger, string pool);

        [LoggerMessage(3, LogLevel.Information, "InferencePool {Pool} is not served any more: it was deleted, or its labels are no longer those of {Selector}", EventName = nameof(PoolLeft))]
        public static partial void PoolLeft(ILogger logger, string pool, string selector);

        [LoggerMessage(4, LogLevel.Information, "Following namespace {Namespace} of the cluster that {Source} names", EventName = nameof(Begun))]
        public static partial void Begun(ILogger logger, string @namespace, string source);
    }
}

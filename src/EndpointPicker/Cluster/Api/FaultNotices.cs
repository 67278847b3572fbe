namespace EndpointPicker.Cluster.Api;

/// <summary>
/// Tells the log what cannot be followed: once for all watches that one cause stops, when the first of them stops, and once when the last of them
/// goes on. An API server that restarts is one line and another one, whatever the number of kinds.
/// </summary>
internal sealed partial class FaultNotices(TimeProvider time, ILogger logger)
{
    // A server that stops or starts answers one watch so and another so; what begins within this of each other is told as one.
    private static readonly TimeSpan Together = TimeSpan.FromSeconds(15);

    // Protects the notices: each watch tells from a loop of its own.
    private readonly Lock _telling = new();
    private readonly Dictionary<(string Cause, ResourceKind? Kind), Notice> _open = [];

    /// <summary>A watch is stopped by a fault.</summary>
    /// <param name="fault">Why.</param>
    /// <param name="query">What it watches.</param>
    /// <param name="known">Whether anything was known of it until now.</param>
    /// <param name="since">When it was stopped, as a time stamp; it may have been by another fault.</param>
    /// <returns>The fault that the log tells of: the same, or one just before it.</returns>
    public WatchFault Begin(WatchFault fault, ResourceQuery query, bool known, long since)
    {
        lock (_telling)
        {
            long now = time.GetTimestamp();
            if (_open.GetValueOrDefault((fault.Cause, fault.Kind)) is { } same)
            {
                return same.Join(since);
            }

            if (fault.Kind is null && _open.Values.FirstOrDefault(other => other.Fault.Kind is null && time.GetElapsedTime(other.ToldAt, now) < Together) is { } recent)
            {
                return recent.Join(since);
            }

            _open[(fault.Cause, fault.Kind)] = new Notice(fault, now) { Watches = 1, Since = since };
            string meanwhile = known ? "what was last known stays" : "nothing is known of that yet";
            if (fault.Kind is { } kind)
            {
                Log.WatchFailing(logger, kind, query.Namespace, meanwhile, fault.Reason);
            }
            else
            {
                Log.ClusterFailing(logger, query.Namespace, meanwhile, fault.Reason);
            }

            return fault;
        }
    }

    /// <summary>A fault stops a watch no more.</summary>
    /// <param name="fault">The fault that the log tells of.</param>
    /// <param name="query">What it watches.</param>
    /// <param name="followed">Whether it is well again; else another fault stops it, or it has ended.</param>
    public void End(WatchFault fault, ResourceQuery query, bool followed)
    {
        lock (_telling)
        {
            Notice notice = _open[(fault.Cause, fault.Kind)];
            notice.FollowedAt = followed ? time.GetTimestamp() : notice.FollowedAt;
            if (--notice.Watches > 0)
            {
                return;
            }

            _open.Remove((fault.Cause, fault.Kind));
            if (notice.FollowedAt is not { } followedAt)
            {
                return;
            }

            double seconds = Math.Round(time.GetElapsedTime(notice.Since, followedAt).TotalSeconds, 1);
            if (fault.Kind is { } kind)
            {
                Log.Recovered(logger, kind, query.Namespace, seconds);
            }
            else
            {
                Log.ClusterRecovered(logger, query.Namespace, seconds);
            }
        }
    }

    private sealed class Notice(WatchFault fault, long toldAt)
    {
        public WatchFault Fault { get; } = fault;

        public long ToldAt { get; } = toldAt;

        public int Watches { get; set; }

        public long Since { get; set; }

        public long? FollowedAt { get; set; }

        public WatchFault Join(long since)
        {
            Watches++;
            Since = Math.Min(Since, since);
            return Fault;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The cluster, or some of what is wanted of it in namespace {Namespace}, cannot be followed; {Meanwhile}. {Reason}", EventName = nameof(ClusterFailing))]
        public static partial void ClusterFailing(ILogger logger, string @namespace, string meanwhile, string reason);

        [LoggerMessage(2, LogLevel.Information, "What could not be followed of the cluster in namespace {Namespace} is followed again, after {Seconds} s.", EventName = nameof(ClusterRecovered))]
        public static partial void ClusterRecovered(ILogger logger, string @namespace, double seconds);

        [LoggerMessage(3, LogLevel.Warning, "The {Kind} in namespace {Namespace} cannot be followed; {Meanwhile}. {Reason}", EventName = nameof(WatchFailing))]
        public static partial void WatchFailing(ILogger logger, ResourceKind kind, string @namespace, string meanwhile, string reason);

        [LoggerMessage(4, LogLevel.Information, "The {Kind} in namespace {Namespace} are followed again, after {Seconds} s.", EventName = nameof(Recovered))]
        public static partial void Recovered(ILogger logger, ResourceKind kind, string @namespace, double seconds);
    }
}

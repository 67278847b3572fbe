namespace EndpointPicker.Cluster.Leases;

/// <content>What the log says.</content>
internal sealed partial class LeaderElection
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "This replica leads, as {Identity}", EventName = nameof(Leads))]
        public static partial void Leads(ILogger logger, string identity);

        [LoggerMessage(2, LogLevel.Information, "This replica, {Identity}, leads no more", EventName = nameof(LeadsNoMore))]
        public static partial void LeadsNoMore(ILogger logger, string identity);

        [LoggerMessage(3, LogLevel.Information, "{Holder} leads; this replica waits for its lease to end", EventName = nameof(Follows))]
        public static partial void Follows(ILogger logger, string holder);

        [LoggerMessage(4, LogLevel.Warning, "The lease cannot be had: {Fault}", EventName = nameof(Failing))]
        public static partial void Failing(ILogger logger, string fault);

        [LoggerMessage(5, LogLevel.Information, "The lease is given up", EventName = nameof(Released))]
        public static partial void Released(ILogger logger);

        [LoggerMessage(6, LogLevel.Warning, "The lease could not be given up: {Fault}; another replica has to wait for {Seconds} s", EventName = nameof(NotReleased))]
        public static partial void NotReleased(ILogger logger, string fault, double seconds);

        [LoggerMessage(7, LogLevel.Error, "Taking part in the election failed; it goes on", EventName = nameof(Broke))]
        public static partial void Broke(ILogger logger, Exception exception);
    }
}

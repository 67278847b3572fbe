namespace EndpointPicker.ExtProc;

internal sealed partial class Exchange
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The proxy broke the protocol: {Fault}", EventName = nameof(BrokenByPeer))]
        public static partial void BrokenByPeer(ILogger logger, string fault);

        [LoggerMessage(2, LogLevel.Debug, "No decision within {Milliseconds} ms; a fallback pick is sent", EventName = nameof(DecisionTimedOut))]
        public static partial void DecisionTimedOut(ILogger logger, double milliseconds);

        [LoggerMessage(3, LogLevel.Error, "The decision failed; a fallback pick is sent", EventName = nameof(DecisionFailed))]
        public static partial void DecisionFailed(ILogger logger, Exception exception);

        [LoggerMessage(4, LogLevel.Error, "Observing a response failed; it passes unobserved", EventName = nameof(ObservationFailed))]
        public static partial void ObservationFailed(ILogger logger, Exception exception);

        [LoggerMessage(5, LogLevel.Error, "Releasing a request failed", EventName = nameof(EndFailed))]
        public static partial void EndFailed(ILogger logger, Exception exception);
    }
}

namespace EndpointPicker.DataLayer;

internal sealed partial class ScrapeTarget
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Source} of {Namespace}/{Endpoint} cannot be had: {Error}", EventName = nameof(Unreachable))]
        public static partial void Unreachable(ILogger logger, string source, string @namespace, string endpoint, string error);

        [LoggerMessage(2, LogLevel.Information, "{Source} of {Namespace}/{Endpoint} answers again after {Failures} failures", EventName = nameof(Reachable))]
        public static partial void Reachable(ILogger logger, string source, string @namespace, string endpoint, int failures);

        [LoggerMessage(3, LogLevel.Debug, "Fetching {Source} of {Namespace}/{Endpoint} failed: {Error}", EventName = nameof(ScrapeFailed))]
        public static partial void ScrapeFailed(ILogger logger, string source, string @namespace, string endpoint, string error);

        [LoggerMessage(4, LogLevel.Error, "Reading {Source} of {Namespace}/{Endpoint} broke", EventName = nameof(ScrapeBroke))]
        public static partial void ScrapeBroke(ILogger logger, Exception exception, string source, string @namespace, string endpoint);
    }
}

using EndpointPicker.Configuration;

namespace EndpointPicker.Cluster;

/// <content>What is noticed and what is told.</content>
internal sealed partial class FileDiscovery
{
    private string _told = "";

    // The whole folder: a ConfigMap is updated by a rename of a link beside the file.
    private FileSystemWatcher? Watch(ITimer debounce)
    {
        try
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(file.Path))!;
            FileSystemWatcher watcher = new(folder)
            {
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.DirectoryName,
            };

            void Notice(object sender, FileSystemEventArgs change) => debounce.Change(Debounce, Timeout.InfiniteTimeSpan);
            watcher.Created += Notice;
            watcher.Changed += Notice;
            watcher.Deleted += Notice;
            watcher.Renamed += Notice;
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception unavailable) when (unavailable is IOException or ArgumentException or UnauthorizedAccessException)
        {
            Log.NoEvents(logger, file.Path, CheckInterval, unavailable.Message);
            return null;
        }
    }

    // The same complaint every five seconds would bury the log.
    private void Tell(DiagnosticReport report)
    {
        IReadOnlyList<ConfigurationDiagnostic> findings = report.Sorted();
        string all = string.Join('\n', findings);
        if (all == _told)
        {
            return;
        }

        _told = all;
        foreach (ConfigurationDiagnostic finding in findings)
        {
            if (finding.Severity == DiagnosticSeverity.Error)
            {
                Log.Wrong(logger, finding);
            }
            else
            {
                Log.Odd(logger, finding);
            }
        }

        if (report.Errors > 0)
        {
            Log.Kept(logger, file.Path);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The endpoint file {Path} lists {Endpoints} endpoints.", EventName = nameof(Loaded))]
        public static partial void Loaded(ILogger logger, string path, int endpoints);

        [LoggerMessage(2, LogLevel.Error, "{Finding}", EventName = nameof(Wrong))]
        public static partial void Wrong(ILogger logger, ConfigurationDiagnostic finding);

        [LoggerMessage(3, LogLevel.Warning, "{Finding}", EventName = nameof(Odd))]
        public static partial void Odd(ILogger logger, ConfigurationDiagnostic finding);

        [LoggerMessage(4, LogLevel.Error, "The endpoint file {Path} is wrong; the endpoints stay as they were.", EventName = nameof(Kept))]
        public static partial void Kept(ILogger logger, string path);

        [LoggerMessage(5, LogLevel.Warning, "Changes of {Path} are noticed only every {Interval}: {Reason}", EventName = nameof(NoEvents))]
        public static partial void NoEvents(ILogger logger, string path, TimeSpan interval, string reason);
    }
}

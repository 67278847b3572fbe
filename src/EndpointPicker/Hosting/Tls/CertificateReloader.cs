using System.Security.Cryptography;

namespace EndpointPicker.Hosting.Tls;

/// <summary>Watches a directory of certificates and reads them again once it has been quiet for a moment.</summary>
internal sealed partial class CertificateReloader : IDisposable
{
    // Writers replace two files, or a symbolic link and its target: wait until they have done both.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(250);

    private readonly string _directory;
    private readonly string _subject;
    private readonly Action _reload;
    private readonly ILogger<CertificateReloader> _logger;
    private readonly ITimer _timer;
    private readonly FileSystemWatcher _watcher;

    /// <summary>Watches from now on.</summary>
    /// <param name="directory">What is watched.</param>
    /// <param name="subject">What is read from there, as the log names it: several readers may share a directory.</param>
    /// <param name="reload">Reads the certificates; what it throws leaves those in use as they are.</param>
    /// <param name="timeProvider">The clock of the quiet time.</param>
    /// <param name="logger">Where reloads are told.</param>
    public CertificateReloader(string directory, string subject, Action reload, TimeProvider timeProvider, ILogger<CertificateReloader> logger)
    {
        _directory = directory;
        _subject = subject;
        _reload = reload;
        _logger = logger;
        _timer = timeProvider.CreateTimer(static state => ((CertificateReloader)state!).Reload(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _watcher = new FileSystemWatcher(directory);
        _watcher.Created += (_, _) => Touch();
        _watcher.Changed += (_, _) => Touch();
        _watcher.Renamed += (_, _) => Touch();
        _watcher.Error += (_, e) => Log.WatchFailed(_logger, e.GetException(), _directory, _subject);
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>Starts the quiet time anew; called for each change in the directory.</summary>
    public void Touch() => _timer.Change(Quiet, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _watcher.Dispose();
        _timer.Dispose();
    }

    private void Reload()
    {
        try
        {
            _reload();
            Log.Reloaded(_logger, _subject, _directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            Log.ReloadFailed(_logger, e, _subject, _directory);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Read the {Subject} in {Directory} again", EventName = nameof(Reloaded))]
        public static partial void Reloaded(ILogger logger, string subject, string directory);

        [LoggerMessage(2, LogLevel.Error, "The {Subject} in {Directory} cannot be read again; what is in use stays", EventName = nameof(ReloadFailed))]
        public static partial void ReloadFailed(ILogger logger, Exception exception, string subject, string directory);

        [LoggerMessage(3, LogLevel.Error, "Watching {Directory} for changes of the {Subject} failed", EventName = nameof(WatchFailed))]
        public static partial void WatchFailed(ILogger logger, Exception exception, string directory, string subject);
    }
}

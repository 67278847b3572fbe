using System.Security.Cryptography;

namespace EndpointPicker.Hosting.Tls;

/// <summary>Watches a certificate directory and reloads the pair once the directory has been quiet for a moment.</summary>
internal sealed partial class CertificateReloader : IDisposable
{
    // Writers replace two files, or a symbolic link and its target: wait until they have done both.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(250);

    private readonly string _directory;
    private readonly ServerCertificate _certificate;
    private readonly ILogger<CertificateReloader> _logger;
    private readonly ITimer _timer;
    private readonly FileSystemWatcher _watcher;

    public CertificateReloader(string directory, ServerCertificate certificate, TimeProvider timeProvider, ILogger<CertificateReloader> logger)
    {
        _directory = directory;
        _certificate = certificate;
        _logger = logger;
        _timer = timeProvider.CreateTimer(static state => ((CertificateReloader)state!).Reload(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _watcher = new FileSystemWatcher(directory);
        _watcher.Created += (_, _) => Touch();
        _watcher.Changed += (_, _) => Touch();
        _watcher.Renamed += (_, _) => Touch();
        _watcher.Error += (_, e) => Log.WatchFailed(_logger, e.GetException(), _directory);
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
            _certificate.Reload(_directory);
            Log.Reloaded(_logger, _directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            Log.ReloadFailed(_logger, e, _directory);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Certificate of {Directory} reloaded", EventName = nameof(Reloaded))]
        public static partial void Reloaded(ILogger logger, string directory);

        [LoggerMessage(2, LogLevel.Error, "Certificate of {Directory} could not be reloaded; the one in use stays", EventName = nameof(ReloadFailed))]
        public static partial void ReloadFailed(ILogger logger, Exception exception, string directory);

        [LoggerMessage(3, LogLevel.Error, "Watching {Directory} for certificates failed", EventName = nameof(WatchFailed))]
        public static partial void WatchFailed(ILogger logger, Exception exception, string directory);
    }
}

using System.Threading.Channels;
using EndpointPicker.Configuration;

namespace EndpointPicker.Cluster;

/// <summary>
/// Takes the endpoints from a file and, where it is watched, follows its changes. A file that is wrong never replaces a set that is right.
/// </summary>
internal sealed partial class FileDiscovery(EndpointFile file, bool watch, EndpointPublisher publisher, TimeProvider time, ILogger<FileDiscovery> logger)
    : IEndpointSource
{
    // Editors and kubelets write in several steps; the file is read once they pause.
    internal static readonly TimeSpan Debounce = TimeSpan.FromMilliseconds(100);

    // Events do not tell of a link's target in another folder, nor on every file system.
    internal static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);

    private readonly Channel<Work> _work = Channel.CreateBounded<Work>(new BoundedChannelOptions(4)
    {
        FullMode = BoundedChannelFullMode.DropWrite,
        SingleReader = true,
    });

    private enum Work
    {
        ReadFile,
        LookUpHosts,
    }

    public async ValueTask<IReadOnlyList<ConfigurationDiagnostic>> LoadAsync(CancellationToken cancellationToken)
    {
        DiagnosticReport report = new(file.Path);
        if (file.TryReadChanged(report, out string text))
        {
            IReadOnlyList<EndpointEntry> entries = EndpointFileReader.Read(text, report);
            if (report.Errors == 0)
            {
                await publisher.PublishAsync(entries, cancellationToken);
                Log.Loaded(logger, file.Path, entries.Count);
            }
        }

        return report.Sorted();
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        TimeSpan refresh = EndpointPublisher.RefreshInterval;
        await using ITimer hosts = time.CreateTimer(_ => _work.Writer.TryWrite(Work.LookUpHosts), null, refresh, refresh);
        await using ITimer debounce = time.CreateTimer(_ => _work.Writer.TryWrite(Work.ReadFile), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using ITimer? check = watch ? time.CreateTimer(_ => _work.Writer.TryWrite(Work.ReadFile), null, CheckInterval, CheckInterval) : null;
        using FileSystemWatcher? watcher = watch ? Watch(debounce) : null;
        await foreach (Work work in _work.Reader.ReadAllAsync(cancellationToken))
        {
            await (work == Work.ReadFile ? ReloadAsync(cancellationToken) : publisher.RefreshAsync(cancellationToken));
        }
    }

    private async ValueTask ReloadAsync(CancellationToken cancellationToken)
    {
        DiagnosticReport report = new(file.Path);
        IReadOnlyList<EndpointEntry> entries = [];
        bool changed = file.TryReadChanged(report, out string text);
        if (changed)
        {
            entries = EndpointFileReader.Read(text, report);
        }

        Tell(report);
        if (changed && report.Errors == 0)
        {
            await publisher.PublishAsync(entries, cancellationToken);
            Log.Loaded(logger, file.Path, entries.Count);
        }
    }
}

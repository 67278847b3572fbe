using EndpointPicker.Cluster;
using EndpointPicker.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Testing;

namespace EndpointPicker.Tests.Cluster;

public sealed class FileDiscoveryTests : IAsyncLifetime
{
    private const string One = "endpoints: [{name: one, address: 10.0.0.1, port: 80}]";
    private const string Two = "endpoints: [{name: two, address: 10.0.0.2, port: 80}]";
    private const string OneMember = "default/one (10.0.0.1:80)";
    private const string TwoMember = "default/two (10.0.0.2:80)";

    private readonly PoolProbe _probe = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("epp-discovery-").FullName;
    private Task _running = Task.CompletedTask;

    private string FilePath => Path.Combine(_folder, "endpoints.yaml");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)_running.ContinueWith(static _ => { }, TaskScheduler.Default)).DefaultTimeout();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Load_GoodFile_FillsThePool()
    {
        await File.WriteAllTextAsync(FilePath, "\uFEFF" + One, TestContext.Current.CancellationToken);
        Assert.Empty(await CreateSut().LoadAsync(TestContext.Current.CancellationToken));
        Assert.Equal([OneMember], _probe.Members);
    }

    [Fact]
    public async Task Load_OneBadEntry_LeavesThePoolAloneAndSaysWhere()
    {
        await File.WriteAllTextAsync(FilePath, One[..^1] + ", {name: x, address: 10.0.0.3, port: none}]", TestContext.Current.CancellationToken);
        IReadOnlyList<ConfigurationDiagnostic> found = await CreateSut().LoadAsync(TestContext.Current.CancellationToken);
        ConfigurationDiagnostic finding = Assert.Single(found);
        Assert.Equal((DiagnosticSeverity.Error, FilePath, 1), (finding.Severity, finding.Source, finding.Position.Line));
        Assert.Equal("'none' is no port", finding.Message);
        Assert.False(_probe.Pool.Synced);
    }

    [Fact]
    public async Task Load_MissingFile_IsAnError()
    {
        IReadOnlyList<ConfigurationDiagnostic> found = await CreateSut().LoadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(DiagnosticSeverity.Error, Assert.Single(found).Severity);
        Assert.False(_probe.Pool.Synced);
    }

    [Fact]
    public async Task Load_FileAboveOneMebibyte_IsAnError()
    {
        await File.WriteAllTextAsync(FilePath, One + "\n#" + new string('x', 1024 * 1024), TestContext.Current.CancellationToken);
        Assert.Contains("1 MiB", Assert.Single(await CreateSut().LoadAsync(TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_BadFileAndThenAGoodOne_KeepsTheSetUntilItIsGood()
    {
        await StartAsync(CreateSut());
        await File.WriteAllTextAsync(FilePath, "endpoints: [{name: two, address: 10.0.0.2}]", TestContext.Current.CancellationToken);
        _clock.Advance(FileDiscovery.CheckInterval);
        Task changed = _probe.NextChange();
        await File.WriteAllTextAsync(FilePath, Two, TestContext.Current.CancellationToken);
        Assert.Equal([OneMember], _probe.Members);
        _clock.Advance(FileDiscovery.CheckInterval);
        await changed.DefaultTimeout();
        Assert.Equal([TwoMember], _probe.Members);
    }

    [Fact]
    public async Task Run_ChangeOfTheFile_IsNoticedByItsEvent()
    {
        TimerProbe timers = new(_clock, FileDiscovery.Debounce);
        await StartAsync(CreateSut(timers));
        Task changed = _probe.NextChange();
        string written = Path.Combine(_folder, "next.yaml");
        await File.WriteAllTextAsync(written, Two, TestContext.Current.CancellationToken);
        File.Move(written, FilePath, overwrite: true);
        await timers.Set.DefaultTimeout();
        _clock.Advance(FileDiscovery.Debounce);
        await changed.DefaultTimeout();
        Assert.Equal([TwoMember], _probe.Members);
    }

    [Fact]
    public async Task Run_LinkIsSwapped_FollowsItsNewTarget()
    {
        string first = Directory.CreateDirectory(Path.Combine(_folder, "..1")).FullName;
        string second = Directory.CreateDirectory(Path.Combine(_folder, "..2")).FullName;
        await File.WriteAllTextAsync(Path.Combine(first, "endpoints.yaml"), One, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(second, "endpoints.yaml"), Two, TestContext.Current.CancellationToken);
        string data = Path.Combine(_folder, "..data");
        Directory.CreateSymbolicLink(data, first);
        File.CreateSymbolicLink(FilePath, Path.Combine("..data", "endpoints.yaml"));
        await StartAsync(CreateSut(), write: false);
        Assert.Equal([OneMember], _probe.Members);

        Task changed = _probe.NextChange();
        Directory.Delete(data);
        Directory.CreateSymbolicLink(data, second);
        _clock.Advance(FileDiscovery.CheckInterval);
        await changed.DefaultTimeout();
        Assert.Equal([TwoMember], _probe.Members);
    }

    private FileDiscovery CreateSut(TimeProvider? time = null)
    {
        EndpointPublisher publisher = new(_probe.Pool, new FakeHostResolver(), _clock, NullLogger<EndpointPublisher>.Instance);
        return new FileDiscovery(new EndpointFile(FilePath), watch: true, publisher, time ?? _clock, NullLogger<FileDiscovery>.Instance);
    }

    private async Task StartAsync(FileDiscovery sut, bool write = true)
    {
        if (write)
        {
            await File.WriteAllTextAsync(FilePath, One, TestContext.Current.CancellationToken);
        }

        Assert.Empty(await sut.LoadAsync(TestContext.Current.CancellationToken));
        _running = sut.RunAsync(_stop.Token);
    }
}

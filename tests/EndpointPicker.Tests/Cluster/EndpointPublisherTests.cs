using EndpointPicker.Cluster;
using Microsoft.Extensions.Logging.Abstractions;
using Testing;

namespace EndpointPicker.Tests.Cluster;

public sealed class EndpointPublisherTests
{
    private readonly PoolProbe _probe = new();
    private readonly FakeHostResolver _resolver = new();

    [Fact]
    public async Task Publish_HostNameWithTwoAddresses_IsTwoEndpoints()
    {
        _resolver.Set("models.example", "10.0.0.2", "10.0.0.1", "::ffff:10.0.0.2");
        await CreateSut().PublishAsync(Entries("10.0.0.9:80", "models.example:8000"), TestContext.Current.CancellationToken);
        Assert.Equal(
            [
                "default/10.0.0.9:80 (10.0.0.9:80)",
                "default/models.example:8000-10.0.0.1 (10.0.0.1:8000)",
                "default/models.example:8000-10.0.0.2 (10.0.0.2:8000)",
            ],
            _probe.Members);
    }

    [Fact]
    public async Task Refresh_LookupFails_KeepsTheLastAddresses()
    {
        _resolver.Set("models.example", "10.0.0.1");
        EndpointPublisher sut = CreateSut();
        await sut.PublishAsync(Entries("models.example:80"), TestContext.Current.CancellationToken);
        _resolver.Set("models.example");
        await sut.RefreshAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["default/models.example:80-10.0.0.1 (10.0.0.1:80)"], _probe.Members);

        _resolver.Set("models.example", "10.0.0.2");
        await sut.RefreshAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["default/models.example:80-10.0.0.2 (10.0.0.2:80)"], _probe.Members);
    }

    [Fact]
    public async Task Publish_FirstLookupFails_PublishesTheOthers()
    {
        await CreateSut().PublishAsync(Entries("nowhere.example:80", "10.0.0.1:80"), TestContext.Current.CancellationToken);
        Assert.Equal(["default/10.0.0.1:80 (10.0.0.1:80)"], _probe.Members);
        Assert.True(_probe.Pool.Synced);
    }

    [Fact]
    public async Task Run_ThirtySecondsPass_LooksHostNamesUpAgain()
    {
        _resolver.Set("models.example", "10.0.0.1");
        ManualTimeProvider time = new();
        StaticDiscovery sut = new(Entries("models.example:80"), CreateSut(), time);
        await sut.LoadAsync(TestContext.Current.CancellationToken);
        using CancellationTokenSource stop = new();
        Task running = sut.RunAsync(stop.Token);
        _resolver.Set("models.example", "10.0.0.2");
        Task changed = _probe.NextChange();
        time.Advance(TimeSpan.FromSeconds(29.9));
        Assert.False(changed.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));
        await changed.DefaultTimeout();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.DefaultTimeout());
        Assert.Equal(["default/models.example:80-10.0.0.2 (10.0.0.2:80)"], _probe.Members);
    }

    [Theory]
    [InlineData("[fd00::1]:80", "fd00::1")]
    [InlineData("10.0.0.1:80", "10.0.0.1")]
    public void TryParse_AddressAndPort_IsAnEndpoint(string text, string address)
    {
        Assert.True(StaticDiscovery.TryParse(text, out EndpointEntry? entry));
        Assert.Equal((address, 80, text), (entry!.Host.Address!.ToString(), entry.Port, entry.Name));
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("10.0.0.1:")]
    [InlineData("10.0.0.1:0")]
    [InlineData("10.0.0.1:65536")]
    [InlineData("10.0.0.1:-1")]
    [InlineData(":80")]
    [InlineData("fd00::1:80")]
    [InlineData("[fd00::1]80")]
    [InlineData("[10.0.0.1]:80")]
    [InlineData("http://10.0.0.1:80")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(StaticDiscovery.TryParse(text, out _));

    private EndpointPublisher CreateSut() => new(_probe.Pool, _resolver, new ManualTimeProvider(), NullLogger<EndpointPublisher>.Instance);

    private static List<EndpointEntry> Entries(params string[] texts) =>
        [.. texts.Select(text => StaticDiscovery.TryParse(text, out EndpointEntry? entry) ? entry! : throw new ArgumentException(text))];
}

using System.Globalization;
using EndpointPicker.Cluster.Reviews;
using Testing;

namespace EndpointPicker.Tests.Cluster.Reviews;

public sealed class ReviewCacheTests
{
    private const int Capacity = 4;

    private readonly ManualTimeProvider _clock = new();
    private readonly ReviewCache<AccessPermission> _sut;
    private int _asked;

    public ReviewCacheTests()
    {
        _sut = new ReviewCache<AccessPermission>(Capacity, permission => permission.IsAllowed, _clock);
    }

    [Theory]
    [InlineData(true, 60)]
    [InlineData(false, 30)]
    public async Task Get_WithinItsTime_IsNotAskedAgain(bool allowed, int seconds)
    {
        await GetAsync(allowed);
        _clock.Advance(TimeSpan.FromSeconds(seconds - 0.1));
        Assert.Equal(allowed, (await GetAsync(!allowed)).Answer!.IsAllowed);
        Assert.Equal(1, _asked);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(!allowed, (await GetAsync(!allowed)).Answer!.IsAllowed);
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task Get_FaultAfterAYes_KeepsTheYesForFiveMinutes()
    {
        await GetAsync(true);
        _clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        Assert.True((await GetAsync(null)).Answer!.IsAllowed);
        Assert.Equal(2, _asked);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("gone", (await GetAsync(null)).Fault);
    }

    [Fact]
    public async Task Get_FaultAfterANo_IsAFault()
    {
        await GetAsync(false);
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("gone", (await GetAsync(null)).Fault);
    }

    [Fact]
    public async Task Get_Fault_IsNotKept()
    {
        await GetAsync(null);
        Assert.Equal(0, _sut.Count);
        Assert.True((await GetAsync(true)).Answer!.IsAllowed);
    }

    [Fact]
    public async Task Get_NoAfterAYes_IsANo()
    {
        await GetAsync(true);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False((await GetAsync(false)).Answer!.IsAllowed);
        Assert.False((await GetAsync(null)).Answer!.IsAllowed);
    }

    [Fact]
    public async Task Get_ManyAtOnce_AsksOnceAndOneWhoLeavesTakesNobodyAlong()
    {
        TaskCompletionSource<Reviewed<AccessPermission>> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenSource leaves = new();
        Task<Reviewed<AccessPermission>>[] waiting =
            [.. Enumerable.Range(0, 10).Select(i => _sut.GetAsync("a", Ask, i == 0 ? leaves.Token : TestContext.Current.CancellationToken).AsTask())];
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting[0].DefaultTimeout());
        answer.SetResult(new Reviewed<AccessPermission>(new AccessPermission(true), ""));
        foreach (Task<Reviewed<AccessPermission>> one in waiting[1..])
        {
            Assert.True((await one.DefaultTimeout()).Answer!.IsAllowed);
        }

        Assert.Equal(1, _asked);

        Task<Reviewed<AccessPermission>> Ask()
        {
            Interlocked.Increment(ref _asked);
            return answer.Task;
        }
    }

    [Fact]
    public async Task Get_MoreKeysThanKept_ForgetsEveryNoBeforeAYes()
    {
        await GetAsync(true, "scraper");
        for (int i = 0; i < 100; i++)
        {
            await GetAsync(false, i.ToString(CultureInfo.InvariantCulture));
            Assert.InRange(_sut.Count, 1, Capacity);
        }

        _asked = 0;
        await GetAsync(true, "scraper");
        Assert.Equal(0, _asked);
    }

    private async Task<Reviewed<AccessPermission>> GetAsync(bool? allowed, string key = "a") => await _sut.GetAsync(
        key,
        () =>
        {
            _asked++;
            return Task.FromResult(allowed is { } said ? new Reviewed<AccessPermission>(new AccessPermission(said), "") : new Reviewed<AccessPermission>(null, "gone"));
        },
        TestContext.Current.CancellationToken);
}

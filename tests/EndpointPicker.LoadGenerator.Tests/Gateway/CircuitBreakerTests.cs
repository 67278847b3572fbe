using EndpointPicker.LoadGenerator.Gateway;
using Testing;

namespace EndpointPicker.LoadGenerator.Tests.Gateway;

/// <summary>The cases that were measured on Envoy 1.40 with one worker.</summary>
public sealed class CircuitBreakerTests
{
    [Fact]
    public async Task Acquire_PerHostConnections_QueuesThenOverflows()
    {
        // Per host limit 2, pending 8: of 16 at once ten passed.
        var breaker = new CircuitBreaker(new BreakerLimits { MaxConnectionsPerHost = 2, MaxPendingRequests = 8 });
        Task<bool>[] requests = [.. Enumerable.Range(0, 16).Select(_ => breaker.AcquireAsync("a", CancellationToken.None))];

        Assert.Equal(2, breaker.Active);
        Assert.Equal(8, breaker.Pending);
        for (int i = 0; i < 10; i++)
        {
            breaker.Release("a");
        }

        bool[] passed = await Task.WhenAll(requests).DefaultTimeout();
        Assert.Equal(10, passed.Count(ok => ok));
        Assert.Equal(6, breaker.Overflows);
        Assert.Equal(0, breaker.Active);
    }

    [Fact]
    public async Task Acquire_TutorialLimits_OnePassesColdAndWarm()
    {
        var breaker = new CircuitBreaker(new BreakerLimits { MaxRequests = 1, MaxPendingRequests = 1 });
        for (int round = 0; round < 2; round++)
        {
            bool[] passed = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => breaker.AcquireAsync("a", CancellationToken.None))).DefaultTimeout();
            Assert.Equal(1, passed.Count(ok => ok));
            breaker.Release("a");
        }
    }

    [Fact]
    public async Task Acquire_NoPendingAllowed_AColdPoolNeverStarts()
    {
        var breaker = new CircuitBreaker(new BreakerLimits { MaxPendingRequests = 0 });

        Assert.False(await breaker.AcquireAsync("a", CancellationToken.None));
    }

    [Fact]
    public async Task Acquire_TheWaitingClientLeaves_ItsPlaceIsFree()
    {
        var breaker = new CircuitBreaker(new BreakerLimits { MaxConnectionsPerHost = 1, MaxPendingRequests = 1 });
        Assert.True(await breaker.AcquireAsync("a", CancellationToken.None));
        using var leaving = new CancellationTokenSource();
        Task<bool> waiting = breaker.AcquireAsync("a", leaving.Token);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(0, breaker.Pending);
        breaker.Release("a");
        Assert.True(await breaker.AcquireAsync("a", CancellationToken.None));
    }
}

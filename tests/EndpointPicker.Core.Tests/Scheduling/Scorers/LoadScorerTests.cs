using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Scheduling.Scorers;

namespace EndpointPicker.Core.Tests.Scheduling.Scorers;

/// <summary>The scorers of scraped load; expected values worked by hand from the reference's formulas.</summary>
public sealed class LoadScorerTests
{
    [Fact]
    public void QueueScorer_DifferentQueues_IsMinMax()
    {
        TestPool pool = new(3);
        pool.Publish(0, new EndpointSignals { WaitingRequests = 2 });
        pool.Publish(1, new EndpointSignals { WaitingRequests = 10 });
        pool.Publish(2, new EndpointSignals { WaitingRequests = 4 });

        // (10 - q) / (10 - 2)
        Assert.Equal([1, 0, 0.75], pool.Score(new QueueScorer(pool.Freshness)));
    }

    [Fact]
    public void QueueScorer_EqualQueues_IsOneForAll()
    {
        TestPool pool = new(2);
        pool.Publish(0, new EndpointSignals { WaitingRequests = 7 });
        pool.Publish(1, new EndpointSignals { WaitingRequests = 7 });

        Assert.Equal([1, 1], pool.Score(new QueueScorer(pool.Freshness)));
    }

    [Fact]
    public void QueueScorer_NeverScraped_IsWorstAndDoesNotWidenTheRange()
    {
        TestPool pool = new(3);
        pool.Publish(0, new EndpointSignals { WaitingRequests = 3 });
        pool.Publish(1, new EndpointSignals { WaitingRequests = 5 });

        Assert.Equal([1, 0, 0], pool.Score(new QueueScorer(pool.Freshness)));
    }

    [Fact]
    public void QueueScorer_FreshWithoutAQueue_CountsWhatIsInFlight()
    {
        TestPool pool = new(4);
        pool.Publish(0, new EndpointSignals { WaitingRequests = 3 });
        pool.Publish(1, new EndpointSignals { WaitingRequests = 5 });
        pool.Publish(2, new EndpointSignals { KvCacheUsage = 0 });

        // Nothing in flight: (5 - q) / 5 of 3, 5, 0; the last was never scraped.
        Assert.Equal([0.4, 0, 1, 0], pool.Score(new QueueScorer(pool.Freshness)));

        // Four in flight: (5 - q) / 2 of 3, 5, 4.
        Take(pool.Endpoints[2], 4);
        Assert.Equal([1, 0, 0.5, 0], pool.Score(new QueueScorer(pool.Freshness)));
    }

    [Fact]
    public void QueueScorer_FreshWithoutAQueueThenStale_IsWorst()
    {
        TestPool pool = new(2);
        pool.Publish(0, new EndpointSignals());
        pool.Time.Advance(TimeSpan.FromSeconds(2) + TimeSpan.FromTicks(1));
        pool.Publish(1, new EndpointSignals { WaitingRequests = 9 });

        Assert.Equal([0, 1], pool.Score(new QueueScorer(pool.Freshness)));
    }

    [Fact]
    public void RunningRequestsSizeScorer_FreshWithoutTheSignal_CountsWhatIsInFlight()
    {
        TestPool pool = new(4);
        pool.Publish(0, new EndpointSignals { RunningRequests = 0 });
        pool.Publish(1, new EndpointSignals { RunningRequests = 8 });
        pool.Publish(2, new EndpointSignals { WaitingRequests = 0 });
        Take(pool.Endpoints[2], 2);

        // (8 - r) / 8 of 0, 8, 2; the last was never scraped.
        Assert.Equal([1, 0, 0.75, 0], pool.Score(new RunningRequestsSizeScorer(pool.Freshness)));
    }

    [Fact]
    public void KvCacheUtilizationScorer_FreshWithoutTheSignal_IsTheMeanOfTheOthers()
    {
        TestPool pool = new(4);
        pool.Publish(0, new EndpointSignals { KvCacheUsage = 0.25 });
        pool.Publish(1, new EndpointSignals { KvCacheUsage = 0.75 });
        pool.Publish(2, new EndpointSignals { WaitingRequests = 0 });

        // (0.75 + 0.25) / 2; the last was never scraped.
        Assert.Equal([0.75, 0.25, 0.5, 0], pool.Score(new KvCacheUtilizationScorer(pool.Freshness)));

        pool.Publish(1, new EndpointSignals { WaitingRequests = 0 });
        Assert.Equal([0.75, 0.75, 0.75, 0], pool.Score(new KvCacheUtilizationScorer(pool.Freshness)));

        pool.Publish(0, new EndpointSignals());
        Assert.Equal([0.5, 0.5, 0.5, 0], pool.Score(new KvCacheUtilizationScorer(pool.Freshness)));
    }

    [Fact]
    public void LoadAwareScorer_FreshWithoutAQueue_CountsWhatIsInFlight()
    {
        TestPool pool = new(1);
        pool.Publish(0, new EndpointSignals());
        Take(pool.Endpoints[0], 32);

        // 0.5 * (1 - 32/128)
        Assert.Equal([0.375], pool.Score(new LoadAwareScorer(pool.Freshness, new LoadAwareScorerOptions())));
    }

    [Fact]
    public void QueueScorer_StaleSignals_CountUntilTheThresholdThenAreWorst()
    {
        TestPool pool = new(2);
        QueueScorer scorer = new(pool.Freshness);
        pool.Publish(0, new EndpointSignals { WaitingRequests = 0 });
        pool.Time.Advance(TimeSpan.FromSeconds(2));
        pool.Publish(1, new EndpointSignals { WaitingRequests = 9 });
        Assert.Equal([1, 0], pool.Score(scorer));

        pool.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal([0, 1], pool.Score(scorer));
    }

    [Fact]
    public void RunningRequestsSizeScorer_DifferentSizes_IsMinMax()
    {
        TestPool pool = new(3);
        pool.Publish(0, new EndpointSignals { RunningRequests = 0 });
        pool.Publish(1, new EndpointSignals { RunningRequests = 4 });

        Assert.Equal([1, 0, 0], pool.Score(new RunningRequestsSizeScorer(pool.Freshness)));
    }

    [Fact]
    public void KvCacheUtilizationScorer_Fractions_AreSubtractedFromOne()
    {
        TestPool pool = new(3);
        pool.Publish(0, new EndpointSignals { KvCacheUsage = 0.25 });
        pool.Publish(1, new EndpointSignals { KvCacheUsage = 1 });

        Assert.Equal([0.75, 0, 0], pool.Score(new KvCacheUtilizationScorer(pool.Freshness)));
    }

    [Theory]
    [InlineData(128, 0, 0.5)]
    [InlineData(128, 64, 0.25)]
    [InlineData(128, 500, 0)]
    [InlineData(0, 32, 0.375)] // 0.5 * (1 - 32/128): not positive means the default
    public void LoadAwareScorer_Queue_FallsLinearly(int threshold, int waiting, double expected)
    {
        TestPool pool = new(1);
        pool.Publish(0, new EndpointSignals { WaitingRequests = waiting });

        Assert.Equal([expected], pool.Score(new LoadAwareScorer(pool.Freshness, new LoadAwareScorerOptions { Threshold = threshold })));
    }

    [Fact]
    public void LoadAwareScorer_NeverScraped_IsWorst()
    {
        TestPool pool = new(1);
        Assert.Equal([0], pool.Score(new LoadAwareScorer(pool.Freshness, new LoadAwareScorerOptions())));
    }

    [Fact]
    public void ActiveRequestScorer_InFlight_IsMeasuredAgainstTheBusiest()
    {
        TestPool pool = new(3);
        Take(pool.Endpoints[1], 1);
        Take(pool.Endpoints[2], 4);

        // idle 1; (4 - 1) / 4 * 0.8; (4 - 4) / 4
        double[] scores = pool.Score(new ActiveRequestScorer(new ActiveRequestScorerOptions { MaxBusyScore = 0.8 }));
        Assert.Equal(1, scores[0]);
        Assert.Equal(0.6, scores[1], 12);
        Assert.Equal(0, scores[2]);

        Assert.Equal([1, 1, 0], pool.Score(new ActiveRequestScorer(new ActiveRequestScorerOptions { IdleThreshold = 1, MaxBusyScore = 7 })));
    }

    private static void Take(Endpoint endpoint, int requests)
    {
        for (int i = 0; i < requests; i++)
        {
            new Reservation().Take(endpoint);
        }
    }
}

using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Scheduling.Producers;
using EndpointPicker.Core.Scheduling.Scorers;

namespace EndpointPicker.Core.Tests.Scheduling.Scorers;

/// <summary>The scorers that read what producers found; expected values worked by hand.</summary>
public sealed class PrefixScorerTests
{
    [Fact]
    public void PrefixCacheScorer_NoLengthWeight_IsTheRatio()
    {
        TestPool pool = new(3);
        FakeProducer producer = new(8, 64, 8, 2, 0);
        producer.Produce(pool.Context, pool.Endpoints);

        Assert.Equal([1, 0.25, 0], pool.Score(new PrefixCacheScorer(producer, new PrefixCacheScorerOptions())));
    }

    [Fact]
    public void PrefixCacheScorer_LengthWeight_MixesTheSquaredLength()
    {
        TestPool pool = new(2);
        FakeProducer producer = new(4, 64, 2, 4);
        producer.Produce(pool.Context, pool.Endpoints);
        double[] scores = pool.Score(new PrefixCacheScorer(producer, new PrefixCacheScorerOptions { MatchLengthWeight = 0.5, MatchLengthScaleTokens = 256 }));

        // 0.5 * (2*64/256)^2 + 0.5 * 2/4 = 0.125 + 0.25; both parts 1 for the second
        Assert.Equal(0.375, scores[0], 12);
        Assert.Equal(1, scores[1], 12);
    }

    [Fact]
    public void PrefixCacheScorer_NothingProducedInThisPick_IsZero()
    {
        TestPool pool = new(2);
        FakeProducer producer = new(4, 64, 2, 4);
        producer.Produce(pool.Context, pool.Endpoints);
        pool.Facts.Begin(pool.Pool.Current.Slots);

        Assert.Equal([0, 0], pool.Score(new PrefixCacheScorer(producer, new PrefixCacheScorerOptions())));
    }

    [Fact]
    public void PrefixCacheScorer_TwoProducers_ReadsItsOwn()
    {
        TestPool pool = new(2);
        FakeProducer first = new(4, 64, 4, 0);
        FakeProducer second = new(2, 64, 0, 1);
        first.Produce(pool.Context, pool.Endpoints);
        second.Produce(pool.Context, pool.Endpoints);

        Assert.Equal([0, 0.5], pool.Score(new PrefixCacheScorer(second, new PrefixCacheScorerOptions())));
    }

    [Fact]
    public void InflightLoadProducer_Matches_ChargeOnlyTheRest()
    {
        TestPool pool = new(2);
        FakeProducer prefixes = new(3, 64, 2, 0);
        prefixes.Produce(pool.Context, pool.Endpoints);
        pool.Request.Prompt.Tokens = 200;
        InflightLoadProducer producer = new(prefixes, new InflightLoadProducerOptions());
        producer.Produce(pool.Context, pool.Endpoints);
        pool.Endpoints[1].InFlight.AddTokens(1000);

        // Uncached: (3-2)*64 + (200-192) = 72 and 3*64 + 8 = 200, the second on top of 1000 in flight.
        double[] scores = pool.Score(new TokenLoadScorer(producer, new TokenLoadScorerOptions { QueueThresholdTokens = 2000 }));
        Assert.Equal(1 - (72 / 2000.0), scores[0], 12);
        Assert.Equal(1 - (1200 / 2000.0), scores[1], 12);
    }

    [Theory]
    [InlineData(null, null, 100 + 150)] // 100 * 1.5
    [InlineData(40L, null, 100 + 40)]
    [InlineData(400L, 120L, 100 + 120)]
    public void InflightLoadProducer_EstimatedOutput_IsCapped(long? clientLimit, long? limit, long expected)
    {
        TestPool pool = new(1);
        pool.Request.Prompt.Tokens = 100;
        pool.Request.MaxOutputTokens = clientLimit;
        InflightLoadProducer producer = new(null, new InflightLoadProducerOptions { AddEstimatedOutputTokens = true, MaxEstimatedOutputTokens = limit });
        producer.Produce(pool.Context, pool.Endpoints);
        Reservation reservation = new();
        reservation.Take(pool.Endpoints[0]);
        producer.Picked(pool.Context, pool.Endpoints, reservation);
        Assert.Equal(expected, pool.Endpoints[0].InFlight.Tokens);

        reservation.FirstToken();
        Assert.Equal(expected, pool.Endpoints[0].InFlight.Tokens);
        reservation.Release();
        Assert.Equal(0, pool.Endpoints[0].InFlight.Tokens);
    }

    [Fact]
    public void NoHitLruScorer_Warm_IsHalfEverywhere()
    {
        TestPool pool = new(3);
        FakeProducer producer = new(2, 64, 0, 1, 0);
        producer.Produce(pool.Context, pool.Endpoints);

        Assert.Equal([0.5, 0.5, 0.5], pool.Score(new NoHitLruScorer(producer, pool.Pool, new NoHitLruScorerOptions())));
    }

    [Fact]
    public void NoHitLruScorer_Cold_PrefersNeverUsedThenLeastRecent()
    {
        TestPool pool = new(5);
        FakeProducer producer = new(2, 64);
        NoHitLruScorer scorer = new(producer, pool.Pool, new NoHitLruScorerOptions());
        ColdPick(pool, scorer, 3);
        ColdPick(pool, scorer, 1);
        ColdPick(pool, scorer, 3);

        // Never used in order: 0, 2, 4 get 1 - i/4; used: 1 is the oldest, 1 - (3+0)/4; 3 is the youngest, 1 - (3+1)/4.
        Assert.Equal([1, 0.25, 0.75, 0, 0.5], pool.Score(scorer));
    }

    [Fact]
    public void NoHitLruScorer_EndpointLeft_IsForgotten()
    {
        TestPool pool = new(3);
        NoHitLruScorer scorer = new(new FakeProducer(2, 64), pool.Pool, new NoHitLruScorerOptions());
        ColdPick(pool, scorer, 0);
        pool.Pool.Replace([TestPool.Describe(1), TestPool.Describe(2)]);
        pool.Pool.Replace([TestPool.Describe(0), TestPool.Describe(1), TestPool.Describe(2)]);

        Assert.Equal([1, 0.5, 0], pool.Score(scorer));
    }

    private static void ColdPick(TestPool pool, NoHitLruScorer scorer, int index)
    {
        pool.Facts.Begin(pool.Pool.Current.Slots);
        pool.Score(scorer);
        scorer.Picked(pool.Context, pool.Endpoints.AsSpan(index, 1), new Reservation());
    }
}

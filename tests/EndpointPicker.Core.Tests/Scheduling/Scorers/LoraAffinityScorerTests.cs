using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Scheduling.Scorers;

namespace EndpointPicker.Core.Tests.Scheduling.Scorers;

public sealed class LoraAffinityScorerTests
{
    [Fact]
    public void Score_Gauge_FollowsThePrecedence()
    {
        TestPool pool = new(5);
        pool.Request.TargetModel = "sql-lora";
        pool.Publish(0, new EndpointSignals { MaxAdapters = 2, RunningAdapters = ["sql-lora", "a"] });
        pool.Publish(1, new EndpointSignals { MaxAdapters = 2, RunningAdapters = ["a"] });
        pool.Publish(2, new EndpointSignals { MaxAdapters = 2, RunningAdapters = ["a", "b"], WaitingAdapters = ["sql-lora"] });
        pool.Publish(3, new EndpointSignals { MaxAdapters = 2, RunningAdapters = ["a", "b"], WaitingAdapters = ["c"] });

        Assert.Equal([1, 0.8, 0.6, 0, 0], pool.Score(new LoraAffinityScorer(pool.Freshness)));
    }

    [Fact]
    public void Score_IdleAdapter_StaysResidentUntilOthersTakeItsSlot()
    {
        TestPool pool = new(1);
        pool.Request.TargetModel = "sql-lora";
        LoraAffinityScorer scorer = new(pool.Freshness);
        pool.Publish(0, new EndpointSignals { MaxAdapters = 2, RunningAdapters = ["sql-lora"] });
        pool.Publish(0, new EndpointSignals { MaxAdapters = 2 });
        Assert.Equal([1], pool.Score(scorer));

        pool.Publish(0, new EndpointSignals { MaxAdapters = 2, RunningAdapters = ["a", "b"] });
        Assert.Equal([0], pool.Score(scorer));
    }

    [Fact]
    public void Score_NoLora_IsZero()
    {
        TestPool pool = new(1);
        pool.Request.TargetModel = "base";
        pool.Publish(0, new EndpointSignals { RunningRequests = 1 });

        Assert.Equal([0], pool.Score(new LoraAffinityScorer(pool.Freshness)));
    }

    [Theory]
    [InlineData("sql-lora", 1)]
    [InlineData("base", 0)]
    public void Score_EndpointThatTellsNothing_HasRoomWhereOthersTell(string model, double holder)
    {
        TestPool pool = new(4);
        pool.Request.TargetModel = model;
        pool.Publish(0, new EndpointSignals { MaxAdapters = 1, RunningAdapters = ["sql-lora"] });
        pool.Publish(1, new EndpointSignals { MaxAdapters = 2, RunningAdapters = ["a"] });
        pool.Publish(2, new EndpointSignals { RunningRequests = 0 });

        Assert.Equal([holder, 0.8, 0.8, 0], pool.Score(new LoraAffinityScorer(pool.Freshness)));
    }

    [Fact]
    public void Score_OnlyAStaleEndpointTells_AllAreZero()
    {
        TestPool pool = new(2);
        pool.Request.TargetModel = "a";
        pool.Publish(0, new EndpointSignals { MaxAdapters = 2, RunningAdapters = ["a"] });
        pool.Time.Advance(TimeSpan.FromSeconds(3));
        pool.Publish(1, new EndpointSignals { RunningRequests = 0 });

        Assert.Equal([0, 0], pool.Score(new LoraAffinityScorer(pool.Freshness)));
    }

    [Fact]
    public void Score_StaleEndpoint_IsZeroThoughItHoldsTheAdapter()
    {
        TestPool pool = new(1);
        pool.Request.TargetModel = "a";
        pool.Publish(0, new EndpointSignals { MaxAdapters = 2, RunningAdapters = ["a"] });
        pool.Time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal([0], pool.Score(new LoraAffinityScorer(pool.Freshness)));
    }
}

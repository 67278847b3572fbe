using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Scheduling.Filters;
using EndpointPicker.Core.Scheduling.Scorers;
using EndpointPicker.Core.Tests.Scheduling;
using Testing;

namespace EndpointPicker.Core.Tests.RequestControl;

/// <summary>Recording allocates nothing once the records have grown, whatever is recorded.</summary>
public sealed class RecordBudgetTests
{
    private readonly TestPool _pool = new(300);
    private readonly DirectorFixture _fixture;
    private readonly RequestState _state = new();

    public RecordBudgetTests()
    {
        for (int i = 0; i < 300; i++)
        {
            _pool.Publish(i, new EndpointSignals { WaitingRequests = i % 10 });
        }

        UtilizationFilterOptions options = new() { Conditions = [new(UtilizationMetric.WaitingQueue, 7)] };
        _fixture = new DirectorFixture(
            _pool, FakePlugins.Scheduler([new UtilizationFilter(_pool.Freshness, options)], [(new QueueScorer(_pool.Freshness), 2)]));
        _fixture.Log.Enabled = true;
    }

    [Theory]
    [InlineData(300)]
    [InlineData(20)]
    public void Schedule_MoreThanIsKeptOrASubset_AllocatesNothing(int candidates)
    {
        Pick(candidates);
        Assert.Equal(0, Allocations.Least(() => Pick(candidates)));

        Decision decision = _fixture.Log.Snapshot()[0];
        Assert.Equal(candidates, decision.CandidateCount);
        Assert.Contains(decision.Candidates, candidate => candidate.RemovedBy == "filter-0");
    }

    [Fact]
    public void ScheduleNow_Fallback_AllocatesNothing()
    {
        Fall();
        Assert.Equal(0, Allocations.Least(Fall));
        Assert.NotNull(_fixture.Log.Snapshot()[0].Pick);
    }

    private void Pick(int candidates)
    {
        for (int i = 0; i < 100; i++)
        {
            if (candidates < 300)
            {
                _state.Request.Subset.Begin();
                foreach (Endpoint endpoint in _pool.Pool.Current.Endpoints[..candidates])
                {
                    _state.Request.Subset.Add(endpoint.DestinationUtf8.Span);
                }
            }

            _state.HasBody = true;
            ValueTask<SchedulingResult> scheduling = _fixture.Director.ScheduleAsync(_state, BodyEnd.Complete, CancellationToken.None);
            if (!scheduling.IsCompletedSuccessfully || !scheduling.Result.IsPicked)
            {
                throw new InvalidOperationException("Nothing was picked.");
            }

            _fixture.Director.End(_state, StreamEnd.Completed);
            _state.Reset();
        }
    }

    private void Fall()
    {
        for (int i = 0; i < 100; i++)
        {
            _fixture.Director.ScheduleNow(_state, PickReason.DeadlineExceeded);
            _fixture.Director.End(_state, StreamEnd.Completed);
            _state.Reset();
        }
    }
}

using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Scheduling.Filters;

namespace EndpointPicker.Core.Tests.Scheduling.Filters;

public sealed class FilterTests
{
    [Theory]
    [InlineData(LabelOperator.In, "a,b", "pod-0,pod-1")]
    [InlineData(LabelOperator.NotIn, "a", "pod-1,pod-2")]
    [InlineData(LabelOperator.Exists, "", "pod-0,pod-1")]
    [InlineData(LabelOperator.DoesNotExist, "", "pod-2")]
    public void LabelSelector_Operators_AreKubernetes(LabelOperator comparison, string values, string expected)
    {
        TestPool pool = Labelled();
        LabelSelectorFilter filter = new([new LabelRequirement("role", comparison, values.Split(',', StringSplitOptions.RemoveEmptyEntries))]);

        Assert.Equal(expected.Split(','), pool.Filter(filter));
    }

    [Fact]
    public void LabelSelector_SeveralRequirements_MustAllBeMet()
    {
        LabelRequirement role = new("role", LabelOperator.Exists, []);
        LabelRequirement zone = new("zone", LabelOperator.In, ["z1"]);

        Assert.Equal(["pod-1"], Labelled().Filter(new LabelSelectorFilter([role, zone])));
        Assert.Equal(["pod-0", "pod-1", "pod-2"], Labelled().Filter(new LabelSelectorFilter([])));
    }

    [Theory]
    [InlineData(false, "pod-0")]
    [InlineData(true, "pod-0,pod-2")]
    public void ByLabel_NoLabel_IsKeptWhereAllowed(bool allowsNoLabel, string expected)
    {
        ByLabelFilter filter = new(new ByLabelFilterOptions { Label = "role", ValidValues = ["a"], AllowsNoLabel = allowsNoLabel });

        Assert.Equal(expected.Split(','), Labelled().Filter(filter));
    }

    [Fact]
    public void Utilization_Conditions_AreInclusiveAndUnknownFails()
    {
        TestPool pool = new(4);
        pool.Publish(0, new EndpointSignals { KvCacheUsage = 0.9, RunningRequests = 3 });
        pool.Publish(1, new EndpointSignals { KvCacheUsage = 0.91, RunningRequests = 3 });
        pool.Publish(2, new EndpointSignals { KvCacheUsage = 0.1 });
        UtilizationFilterOptions options = new()
        {
            Conditions = [new(UtilizationMetric.KvCacheUtilization, 0.9), new(UtilizationMetric.RunningRequests, 3)],
        };

        Assert.Equal(["pod-0"], pool.Filter(new UtilizationFilter(pool.Freshness, options)));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 3)]
    public void Utilization_NoneLeft_FallsBackWhereAsked(bool fallback, int kept)
    {
        TestPool pool = new(3);
        new Reservation().Take(pool.Endpoints[0]);
        new Reservation().Take(pool.Endpoints[1]);
        new Reservation().Take(pool.Endpoints[2]);
        UtilizationFilterOptions options = new() { Conditions = [new(UtilizationMetric.ActiveRequests, 0)], FallbackOnEmpty = fallback };

        Assert.Equal(kept, pool.Filter(new UtilizationFilter(pool.Freshness, options)).Length);
    }

    [Fact]
    public void UtilizationDetector_Saturation_IsTheMeanOfTheWorseSide()
    {
        TestPool pool = new(3);
        pool.Publish(0, new EndpointSignals { WaitingRequests = 10, KvCacheUsage = 0.4 });
        pool.Publish(1, new EndpointSignals { WaitingRequests = 0, KvCacheUsage = 0.4 });
        UtilizationDetector detector = new(pool.Time, new UtilizationDetectorOptions());

        // max(10/5, 0.4/0.8) = 2; max(0, 0.5) = 0.5; never scraped 1
        Assert.Equal(3.5 / 3, detector.Saturation(pool.Endpoints, pool.Time.GetTimestamp()), 12);
        Assert.Equal(1, detector.Saturation([], pool.Time.GetTimestamp()));

        pool.Time.Advance(TimeSpan.FromMilliseconds(201));
        Assert.Equal(1, detector.Saturation(pool.Endpoints, pool.Time.GetTimestamp()), 12);
    }

    [Fact]
    public void UtilizationDetector_AsFilter_KeepsFreshOnesBelowBothLimitsElseAll()
    {
        TestPool pool = new(4);
        pool.Publish(0, new EndpointSignals { WaitingRequests = 5, KvCacheUsage = 0.1 });
        pool.Publish(1, new EndpointSignals { WaitingRequests = 4, KvCacheUsage = 0.79 });
        pool.Publish(2, new EndpointSignals { WaitingRequests = 0, KvCacheUsage = 0.8 });

        Assert.Equal(["pod-1"], pool.Filter(new UtilizationDetector(pool.Time, new UtilizationDetectorOptions())));
        Assert.Equal(["pod-0", "pod-1", "pod-2"], pool.Filter(new UtilizationDetector(pool.Time, new UtilizationDetectorOptions { Headroom = 0.2 })).Order());

        pool.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(4, pool.Filter(new UtilizationDetector(pool.Time, new UtilizationDetectorOptions())).Length);
    }

    private static TestPool Labelled()
    {
        TestPool pool = new(3);
        pool.Pool.Replace(
        [
            TestPool.Describe(0, 8000, ("role", "a")),
            TestPool.Describe(1, 8000, ("role", "b"), ("zone", "z1")),
            TestPool.Describe(2, 8000, ("zone", "z1")),
        ]);
        return pool;
    }
}

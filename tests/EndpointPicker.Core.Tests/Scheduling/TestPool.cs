using System.Globalization;
using System.Net;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Scheduling;
using Testing;

namespace EndpointPicker.Core.Tests.Scheduling;

/// <summary>A pool on a clock that stands still, with a request to score.</summary>
internal sealed class TestPool
{
    public TestPool(int count, int port = 8000)
    {
        Pool.Replace([.. Enumerable.Range(0, count).Select(i => Describe(i, port))]);
        Facts.Begin(Pool.Current.Slots);
    }

    public ManualTimeProvider Time { get; } = new();

    public EndpointPool Pool { get; } = new("pool");

    public InferenceRequest Request { get; } = new();

    public PickFacts Facts { get; } = new();

    public Random Random { get; } = new(1);

    public Endpoint[] Endpoints => Pool.Current.Endpoints.ToArray();

    public FreshnessPolicy Freshness => new(Time, TimeSpan.FromSeconds(2));

    public SchedulingContext Context => new(Request, Time.GetTimestamp(), Random, Facts);

    public static EndpointDescription Describe(int index, int port = 8000, params (string Key, string Value)[] labels) =>
        new(
            "default",
            string.Create(CultureInfo.InvariantCulture, $"pod-{index}"),
            new IPEndPoint(IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.0.{index / 250}.{(index % 250) + 1}")), port),
            labels.ToDictionary(l => l.Key, l => l.Value));

    public void Publish(int index, EndpointSignals signals) => Endpoints[index].Publish(signals, Time.GetTimestamp());

    public double[] Score(IScorer scorer)
    {
        double[] scores = new double[Endpoints.Length];
        scorer.Score(Context, Endpoints, scores);
        return scores;
    }

    public string[] Filter(IFilter filter)
    {
        Endpoint[] candidates = Endpoints;
        int kept = filter.Filter(Context, candidates);
        return [.. candidates.Take(kept).Select(e => e.Name)];
    }

    public int[] Pick(IPicker picker, params double[] totals)
    {
        int[] picks = new int[totals.Length];
        int count = picker.Pick(Context, Endpoints, totals, picks);
        return picks[..count];
    }
}

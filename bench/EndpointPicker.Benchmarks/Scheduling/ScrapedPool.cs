using System.Net;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.PrefixCache;
using EndpointPicker.Core.Scheduling;
using EndpointPicker.Core.Scheduling.Pickers;
using EndpointPicker.Core.Scheduling.Producers;
using EndpointPicker.Core.Scheduling.Profiles;
using EndpointPicker.Core.Scheduling.Scorers;

namespace EndpointPicker.Benchmarks.Scheduling;

/// <summary>Endpoints with fresh signals, and the schedulers that pick among them: queue 2, KV cache 2, LoRA affinity 1 and, where asked for, prefix cache 3.</summary>
internal sealed class ScrapedPool
{
    // Longer than any run, so that no signal grows stale within one.
    private readonly FreshnessPolicy _freshness = new(TimeProvider.System, TimeSpan.FromDays(1));

    public ScrapedPool(int count)
    {
        Pool.Replace([.. Enumerable.Range(0, count).Select(Describe)]);
        Random random = new(5);
        foreach (Endpoint endpoint in Pool.Current.Endpoints)
        {
            EndpointSignals signals = new()
            {
                WaitingRequests = random.Next(10),
                RunningRequests = random.Next(30),
                KvCacheUsage = random.NextDouble(),
                MaxAdapters = 4,
                RunningAdapters = ["sql-lora", "tuned"],
            };
            endpoint.Publish(signals, TimeProvider.System.GetTimestamp());
        }
    }

    public EndpointPool Pool { get; } = new("bench");

    public FreshnessPolicy Freshness => _freshness;

    public Scheduler Schedule(bool byPrefix)
    {
        ApproximatePrefixProducerOptions options = new();
        ApproximatePrefixProducer prefixes = new(new PrefixIndex(options.Index), Pool, options);
        List<WeightedScorer> scorers =
        [
            new(Name<IScorer>("queue-scorer", new QueueScorer(_freshness)), 2),
            new(Name<IScorer>("kv-cache-utilization-scorer", new KvCacheUtilizationScorer(_freshness)), 2),
            new(Name<IScorer>("lora-affinity-scorer", new LoraAffinityScorer(_freshness)), 1),
        ];
        if (byPrefix)
        {
            scorers.Add(new(Name<IScorer>("prefix-cache-scorer", new PrefixCacheScorer(prefixes, new PrefixCacheScorerOptions())), 3));
        }

        SchedulingProfile profile = new("default", [], scorers, Name<IPicker>("max-score-picker", new MaxScorePicker(new PickerOptions())));
        return new Scheduler(new SingleProfileHandler(), [profile], byPrefix ? [Name<IDataProducer>("approx-prefix-cache-producer", prefixes)] : []);
    }

    private static Named<T> Name<T>(string name, T plugin) => new(name, name, plugin);

    private static EndpointDescription Describe(int index) =>
        new("default", $"pod-{index}", new IPEndPoint(0x0A000001 + ((long)index << 16), 8000), new Dictionary<string, string>());
}

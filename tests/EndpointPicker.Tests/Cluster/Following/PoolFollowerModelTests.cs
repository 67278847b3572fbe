using System.Globalization;
using EndpointPicker.Cluster.Following;
using EndpointPicker.Cluster.Resources;
using EndpointPicker.Core.RequestControl;
using Microsoft.Extensions.Logging.Abstractions;

namespace EndpointPicker.Tests.Cluster.Following;

/// <summary>Whatever happens in whatever order: once the watches have told all, the pool is what the objects say, and nothing of the past.</summary>
public sealed class PoolFollowerModelTests
{
    private const int Sequences = 200;
    private const int Steps = 60;

    private static readonly string[] Selectors = ["app=vllm", "app=other", ""];
    private static readonly string?[] ActivePorts = [null, null, "8000", "8001,8002", ""];
    private static readonly int[] Ports = [8000, 8001, 8002];

    [Fact]
    public void Apply_RandomEvents_PoolIsAFunctionOfTheFinalState()
    {
        for (int seed = 0; seed < Sequences; seed++)
        {
            Random random = new(seed);
            PoolProbe probe = new();
            FakePodFeeds feeds = new();
            PoolSources pools = new(new PoolScope(""));
            InferencePool? stable = null;
            InferencePool? experimental = null;
            pools.Stable.Replace([]);
            pools.Experimental.Replace([]);
            using PoolFollower follower = new(new FollowedPool(Objects.Space, probe.Pool, new RequestRules(), _ => { }), pools, null, feeds, NullLogger.Instance);
            for (int step = 0; step < Steps; step++)
            {
                switch (random.Next(10))
                {
                    case 0:
                        stable = random.Next(3) == 0 ? null : RandomPool(random, ApiGroups.Inference);
                        Publish(pools.Stable, stable, random);
                        break;
                    case 1:
                        experimental = random.Next(3) == 0 ? null : RandomPool(random, ApiGroups.Experimental);
                        Publish(pools.Experimental, experimental, random);
                        break;
                    case 2:
                        feeds.Remove(RandomName(random));
                        break;
                    case 3:
                        feeds.List();
                        break;
                    case 4:
                        feeds.ListAgain();
                        break;
                    case 5 or 6:
                        follower.Apply();
                        break;
                    default:
                        feeds.Put(RandomPod(random));
                        break;
                }
            }

            follower.Apply();
            feeds.List();
            follower.Apply();
            InferencePool? inForce = stable ?? experimental;
            Assert.Equal(inForce is not null, probe.Pool.Synced);
            Assert.Equal(Expected(inForce, feeds.Pods), probe.Members);
            Assert.Equal(inForce is null ? 0 : 1, feeds.Open().Count(selector => selector == inForce?.Selector));
            Assert.InRange(feeds.Open().Count(), 0, 1);
        }
    }

    private static IEnumerable<string> Expected(InferencePool? pool, IEnumerable<Pod> pods) => pool is null ? [] :
        from pod in pods.OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal)
        where pod.Ready && pod.Address is not null && (pool.Selector == "" || pool.Selector == $"app={pod.Labels["app"]}")
        from rank in Enumerable.Range(0, pool.TargetPorts.Count)
        let port = pool.TargetPorts[rank].ToString(CultureInfo.InvariantCulture)
        where pod.ActivePorts is null || pod.ActivePorts.Split(',').Contains(port)
        select $"demo/{pod.Metadata.Name}-rank-{rank} ({pod.Address}:{port})";

    private static void Publish(ObjectSet<InferencePool> set, InferencePool? pool, Random random)
    {
        if (random.Next(2) == 0)
        {
            set.Replace(pool is null ? [] : [pool]);
        }
        else if (pool is null)
        {
            set.Remove(Objects.Pool());
        }
        else
        {
            set.Put(pool);
        }
    }

    private static InferencePool RandomPool(Random random, string group)
    {
        int[] ports = [.. Ports.OrderBy(_ => random.Next()).Take(1 + random.Next(3))];
        return Objects.Pool(Selectors[random.Next(3)], group, ports);
    }

    private static string RandomName(Random random) => $"pod-{random.Next(6)}";

    private static Pod RandomPod(Random random) => Objects.Pod(
        RandomName(random),
        random.Next(5) == 0 ? null : $"10.0.0.{1 + random.Next(3)}",
        random.Next(3) == 0 ? "other" : "vllm",
        random.Next(4) > 0,
        ActivePorts[random.Next(5)]);
}

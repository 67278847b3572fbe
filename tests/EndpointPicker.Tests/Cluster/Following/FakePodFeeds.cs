using EndpointPicker.Cluster.Following;
using EndpointPicker.Cluster.Resources;

namespace EndpointPicker.Tests.Cluster.Following;

/// <summary>The pods of an API server that selects by one label, as its watches tell of them. A new watch tells nothing until the test lets it list.</summary>
internal sealed class FakePodFeeds : IPodFeeds
{
    private readonly Dictionary<string, Pod> _pods = [];
    private readonly List<Feed> _feeds = [];

    public IEnumerable<Pod> Pods => _pods.Values;

    /// <summary>The selectors of the watches that have not ended.</summary>
    public IEnumerable<string> Open() => _feeds.Select(feed => feed.Selector);

    public PodFeed Open(string space, string selector)
    {
        Assert.Equal(Objects.Space, space);
        Feed feed = new(selector, _feeds);
        _feeds.Add(feed);
        return new PodFeed(selector, feed.Set, feed);
    }

    /// <summary>Lets every new watch list.</summary>
    public void List()
    {
        foreach (Feed feed in _feeds.Where(feed => !feed.Set.Known))
        {
            feed.Set.Replace([.. _pods.Values.Where(pod => Selects(feed.Selector, pod))]);
        }
    }

    /// <summary>Lets every watch list anew, as after an expired resource version.</summary>
    public void ListAgain()
    {
        foreach (Feed feed in _feeds)
        {
            feed.Set.Replace([.. _pods.Values.Where(pod => Selects(feed.Selector, pod))]);
        }
    }

    public void Put(Pod pod)
    {
        Pod? before = _pods.GetValueOrDefault(pod.Metadata.Name);
        _pods[pod.Metadata.Name] = pod;
        Tell(before, pod);
    }

    public void Remove(string name)
    {
        if (_pods.Remove(name, out Pod? before))
        {
            Tell(before, null);
        }
    }

    public static bool Selects(string selector, Pod pod) => selector.Length == 0 || selector == $"app={pod.Labels["app"]}";

    private void Tell(Pod? before, Pod? after)
    {
        foreach (Feed feed in _feeds.Where(feed => feed.Set.Known))
        {
            if (after is not null && Selects(feed.Selector, after))
            {
                feed.Set.Put(after);
            }
            else if (before is not null && Selects(feed.Selector, before))
            {
                feed.Set.Remove(before);
            }
        }
    }

    private sealed class Feed(string selector, List<Feed> open) : IDisposable
    {
        public string Selector { get; } = selector;

        public ObjectSet<Pod> Set { get; } = new();

        public void Dispose() => Assert.True(open.Remove(this));
    }
}

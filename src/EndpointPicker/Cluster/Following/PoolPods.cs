using EndpointPicker.Cluster.Resources;
using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Cluster.Following;

/// <summary>
/// The pods of one pool. The API server selects them: beside 10,000 foreign pods a watch of the whole namespace would read and throw away some
/// 80 MB at each list, and every heartbeat of theirs after it. A pod that is labelled out of the selector comes as deleted. When the
/// selector changes, the pods of the old one serve until those of the new one are listed.
/// </summary>
internal sealed class PoolPods(string space, IPodFeeds feeds, Action changed) : IDisposable
{
    private PodFeed? _current;
    private PodFeed? _next;
    private IReadOnlyList<int> _ports = [];
    private (PodFeed Feed, long Version, IReadOnlyList<int> Ports)? _described;

    /// <summary>Whether the pods of any selector are listed.</summary>
    public bool Known => _current is not null;

    /// <summary>Why pods are not listed; <see langword="null"/> while they are about to be.</summary>
    public string? Fault => _next?.Pods.Fault;

    /// <summary>Follows the pods that a pool object wants.</summary>
    public void Follow(InferencePool pool)
    {
        string wanted = pool.Selector!;
        if (wanted == _current?.Selector)
        {
            Close(ref _next);
        }
        else if (wanted != _next?.Selector)
        {
            Close(ref _next);
            _next = feeds.Open(space, wanted);
            _next.Pods.Changed += changed;
        }

        if (_next is { Pods.Known: true })
        {
            Close(ref _current);
            (_current, _next) = (_next, null);
        }

        // Ports belong to a selector: new ports say nothing of the old one's pods.
        if (_current?.Selector == wanted)
        {
            _ports = pool.TargetPorts;
        }
    }

    /// <summary>Describes the endpoints, if they have changed since they were last described.</summary>
    /// <returns>All endpoints; <see langword="null"/> where nothing has changed.</returns>
    public List<EndpointDescription>? DescribeChanged()
    {
        if (_current is not { } feed)
        {
            return null;
        }

        // The version is read first: what changes while the pods are copied shows as a change next time.
        var state = (feed, feed.Pods.Version, _ports);
        if (_described == state)
        {
            return null;
        }

        _described = state;
        return PodEndpoints.Of(feed.Pods.All(), _ports);
    }

    /// <summary>There is no pool object now: goes on with the pods that are known, and takes the next description for the first.</summary>
    public void Rest()
    {
        Close(ref _next);
        _described = null;
    }

    public void Dispose()
    {
        Close(ref _next);
        Close(ref _current);
    }

    private void Close(ref PodFeed? feed)
    {
        if (feed is not null)
        {
            feed.Pods.Changed -= changed;
            feed.Watch.Dispose();
            feed = null;
        }
    }
}

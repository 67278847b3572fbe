using Endpoint = EndpointPicker.Core.Endpoints.Endpoint;

namespace EndpointPicker.DataLayer;

/// <summary>
/// The targets of all endpoints, looked at one after another on each tick. Looking at one that is neither due nor answering costs
/// nanoseconds, so no order of due times is kept: a plain array is walked.
/// </summary>
internal sealed class ScrapeSchedule(TimeProvider time)
{
    // Protects the two lists against membership changes, which come from discovery's task; never held while targets are polled.
    private readonly Lock _gate = new();
    private readonly List<ScrapeTarget> _leaving = [];
    private volatile ScrapeTarget[] _targets = [];

    /// <summary>How many targets there are.</summary>
    public int Count => _targets.Length;

    /// <summary>Adds targets; each is fetched at the next tick.</summary>
    public void Add(IReadOnlyList<ScrapeTarget> targets)
    {
        lock (_gate)
        {
            _targets = [.. _targets, .. targets];
        }
    }

    /// <summary>Removes the targets of an endpoint; their connections are closed at the next tick.</summary>
    public void Remove(Endpoint endpoint)
    {
        lock (_gate)
        {
            _leaving.AddRange(_targets.Where(t => t.Endpoint == endpoint));
            _targets = [.. _targets.Where(t => t.Endpoint != endpoint)];
        }
    }

    /// <summary>Closes the connections of the removed, moves open fetches on and starts those that are due.</summary>
    public void Tick()
    {
        CloseLeaving();
        foreach (ScrapeTarget target in _targets)
        {
            // Read for each: a signal's age is counted from its own scrape, and a tick over many endpoints takes a while.
            target.Poll(time.GetTimestamp());
        }
    }

    /// <summary>Removes all targets and closes their connections. No tick may be under way.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _leaving.AddRange(_targets);
            _targets = [];
        }

        CloseLeaving();
    }

    private void CloseLeaving()
    {
        lock (_gate)
        {
            foreach (ScrapeTarget target in _leaving)
            {
                target.Close();
            }

            _leaving.Clear();
        }
    }
}

using Endpoint = EndpointPicker.Core.Endpoints.Endpoint;

namespace EndpointPicker.DataLayer;

/// <summary>
/// One page of one endpoint, fetched again and again: never a second time while a fetch is open, less often while it fails. Only the loop
/// that polls it touches it.
/// </summary>
internal sealed partial class ScrapeTarget
{
    // Fewer in a row may be one lost packet; more would hide an outage that the log should show.
    private const int FailuresUntilLogged = 3;
    private const double Jitter = 0.1;

    private readonly Page _page;
    private readonly Connection _connection;
    private readonly ScrapeTiming _timing;
    private readonly ScrapeContext _context;
    private long _due = long.MinValue;
    private long _startedAt;
    private int _failures;
    private bool _open;
    private bool _timedOut;
    private bool _staggered;

    public ScrapeTarget(Endpoint endpoint, Page page, Connection connection, ScrapeTiming timing, ScrapeContext context)
    {
        Endpoint = endpoint;
        _page = page;
        _connection = connection;
        _timing = timing;
        _context = context;
    }

    /// <summary>Whose page it is.</summary>
    public Endpoint Endpoint { get; }

    /// <summary>Whether a fetch is under way.</summary>
    public bool IsOpen => _open;

    /// <summary>Moves the open fetch on, or starts the next one when it is due.</summary>
    /// <param name="now">The time, in ticks of the time provider.</param>
    public void Poll(long now)
    {
        try
        {
            if (_open)
            {
                Continue(now);
            }
            else if (now >= _due)
            {
                Start(now);
            }
        }
        catch (Exception e)
        {
            // One target's bug or broken peer must not end the loop that all others share.
            Log.ScrapeBroke(_context.Logger, e, _page.SourceType, Endpoint.Namespace, Endpoint.Name);
            _connection.Close();
            Failed(now, FetchError.Malformed);
        }
    }

    /// <summary>Drops the connection for good.</summary>
    public void Close() => _connection.Close();

    private void Start(long now)
    {
        if (!_page.Wanted)
        {
            // Asking is cheap, and what makes it wanted may be known any moment.
            _due = now + (_timing.Interval / 10);
            return;
        }

        _due = NextDue(now);
        _open = true;
        _timedOut = false;
        _startedAt = now;
        _connection.Begin(_page);
    }

    private void Continue(long now)
    {
        bool ended = _connection.Poll();
        if (!ended && !_timedOut && now - _startedAt >= _timing.Timeout)
        {
            _timedOut = true;
            _connection.Close();
            ended = _connection.Poll();
        }

        if (!ended)
        {
            return;
        }

        _open = false;
        _context.Metrics.Polled(_page.SourceType);
        FetchError error = _timedOut ? FetchError.TimedOut : _connection.Error;
        if (error != FetchError.None)
        {
            _context.Metrics.PollFailed(_page.SourceType);
            Failed(now, error);
        }
        else if (_page.Complete(now))
        {
            Succeeded();
        }
        else
        {
            Failed(now, FetchError.Malformed);
        }
    }

    private void Succeeded()
    {
        if (_failures >= FailuresUntilLogged)
        {
            Log.Reachable(_context.Logger, _page.SourceType, Endpoint.Namespace, Endpoint.Name, _failures);
        }

        _failures = 0;
    }

    private void Failed(long now, FetchError error)
    {
        _open = false;
        _failures++;
        _due = Math.Max(_due, now + Spread(_timing.BackOff(_failures), 0.5 * Jitter));
        _page.Fail(_failures);
        string what = error == FetchError.Status ? $"{error} {_connection.Status}" : $"{error}";
        Log.ScrapeFailed(_context.Logger, _page.SourceType, Endpoint.Namespace, Endpoint.Name, what);
        if (_failures == FailuresUntilLogged)
        {
            Log.Unreachable(_context.Logger, _page.SourceType, Endpoint.Namespace, Endpoint.Name, what);
        }
    }

    // The pace is kept from due time to due time, unless it has been lost. Endpoints join together and would be scraped together for ever
    // after, so the second scrape comes anywhere within the interval.
    private long NextDue(long now)
    {
        if (!_staggered)
        {
            _staggered = true;
            return now + (long)(_context.Random.NextDouble() * _timing.Interval);
        }

        long from = _due > now - _timing.Interval ? _due : now;
        return from + Spread(_timing.Interval, Jitter);
    }

    private long Spread(long span, double by) => (long)(span * (1 + (by * ((2 * _context.Random.NextDouble()) - 1))));
}

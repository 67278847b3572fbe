using EndpointPicker.Core.Endpoints;
using Endpoint = EndpointPicker.Core.Endpoints.Endpoint;

namespace EndpointPicker.DataLayer;

/// <summary>Scrapes all endpoints of a pool from one loop, from <see cref="StartAsync"/> to <see cref="StopAsync"/>.</summary>
/// <remarks>
/// The loop has a thread of its own: a timer that hands each tick to the thread pool was measured to cost 200 microseconds a tick, nearly
/// all of it idle workers that spin, and signals would grow old whenever the pool is busy with requests. What is due is told by the time
/// provider alone; the thread's pauses only say how often it is asked.
/// </remarks>
internal sealed partial class MetricsScraper(EndpointPool pool, ScrapeTargetFactory factory, TimeProvider time, ILogger<MetricsScraper> logger)
    : IHostedService, IDisposable
{
    private static readonly TimeSpan PauseAfterBug = TimeSpan.FromSeconds(1);

    private readonly ScrapeSchedule _schedule = new(time);
    private readonly ManualResetEvent _stopping = new(false);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<Endpoint> _known = [];

    // Protects the set of known endpoints: starting looks at the pool while discovery may be changing it.
    private readonly Lock _gate = new();
    private Thread? _thread;
    private bool _disposed;

    /// <summary>How many pages are fetched.</summary>
    public int Targets => _schedule.Count;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        pool.Joined += Join;
        pool.Left += Leave;
        foreach (Endpoint endpoint in pool.Current.Endpoints)
        {
            Join(endpoint);
        }

        _thread = new Thread(Run) { IsBackground = true, Name = "metrics scraper" };
        _thread.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        pool.Joined -= Join;
        pool.Left -= Leave;
        _stopping.Set();
        if (_thread is not null)
        {
            await _stopped.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Stops the loop where nobody has, as when a part of the process that starts after it fails.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        pool.Joined -= Join;
        pool.Left -= Leave;
        _stopping.Set();
        _thread?.Join();
        _stopping.Dispose();
    }

    private void Run()
    {
        TimeSpan pause = factory.Tick;
        while (!_stopping.WaitOne(pause))
        {
            try
            {
                _schedule.Tick();
                pause = factory.Tick;
            }
            catch (Exception e)
            {
                // Targets catch their own failures, so this is a bug; it must show, but neither end the loop nor flood the log.
                Log.TickBroke(logger, e);
                pause = PauseAfterBug;
            }
        }

        _schedule.Clear();
        _stopped.SetResult();
    }

    private void Join(Endpoint endpoint)
    {
        lock (_gate)
        {
            if (_known.Add(endpoint))
            {
                _schedule.Add(factory.Create(endpoint));
            }
        }
    }

    private void Leave(Endpoint endpoint)
    {
        lock (_gate)
        {
            // An endpoint that left before starting had looked at it stays known, so that it is not taken for a member afterwards.
            if (!_known.Add(endpoint))
            {
                _schedule.Remove(endpoint);
                _known.Remove(endpoint);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A tick of the scraping loop broke", EventName = nameof(TickBroke))]
        public static partial void TickBroke(ILogger logger, Exception exception);
    }
}

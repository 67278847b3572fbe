namespace EndpointPicker.LoadGenerator.Gateway;

/// <summary>
/// Envoy's limits for an HTTP/1.1 upstream: a request with an idle connection at hand is refused at <c>max_requests</c>; one without becomes
/// pending, is refused at <c>max_pending_requests</c>, and gets a connection while the cluster and the host may open one, else the next that
/// falls free. Connections are counted, not made: the HTTP client under it keeps its own.
/// </summary>
public sealed class CircuitBreaker(BreakerLimits limits)
{
    // Protects all counters and queues: every request takes and returns here.
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HostState> _hosts = [];
    private int _connections;
    private int _active;
    private int _pending;

    /// <summary>Requests refused so far.</summary>
    public long Overflows { get; private set; }

    public int Active
    {
        get
        {
            lock (_lock)
            {
                return _active;
            }
        }
    }

    public int Pending
    {
        get
        {
            lock (_lock)
            {
                return _pending;
            }
        }
    }

    /// <summary>Requests under way on one host.</summary>
    public int ActiveOn(string host)
    {
        lock (_lock)
        {
            return _hosts.TryGetValue(host, out HostState? state) ? state.Busy : 0;
        }
    }

    /// <summary>Waits for a connection to the host; false when the breaker is open. A true needs a <see cref="Release"/>.</summary>
    public async Task<bool> AcquireAsync(string host, CancellationToken cancellationToken)
    {
        TaskCompletionSource<bool> turn;
        lock (_lock)
        {
            HostState state = StateOf(host);
            if (state.Idle > 0)
            {
                state.Idle--;
                return Attach(state);
            }

            if (_pending >= limits.MaxPendingRequests)
            {
                Overflows++;
                return false;
            }

            bool mayOpen = state.Connections == 0
                || (state.Connections < limits.MaxConnectionsPerHost && _connections < limits.MaxConnections);
            if (mayOpen)
            {
                state.Connections++;
                _connections++;
                return Attach(state);
            }

            turn = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            state.Queue.AddLast(turn);
            _pending++;
        }

        await using CancellationTokenRegistration leave = cancellationToken.Register(() => Leave(host, turn));
        return await turn.Task;
    }

    public void Release(string host)
    {
        lock (_lock)
        {
            HostState state = StateOf(host);
            _active--;
            state.Busy--;
            while (state.Queue.First is { } waiting)
            {
                state.Queue.RemoveFirst();
                _pending--;
                bool attached = Attach(state, connectionIsIdle: false);
                waiting.Value.TrySetResult(attached);
                if (attached)
                {
                    return;
                }
            }

            state.Idle++;
        }
    }

    // The connection is there; whether the request may use it is the second check.
    private bool Attach(HostState state, bool connectionIsIdle = true)
    {
        if (_active >= limits.MaxRequests)
        {
            state.Idle += connectionIsIdle ? 1 : 0;
            Overflows++;
            return false;
        }

        _active++;
        state.Busy++;
        return true;
    }

    private void Leave(string host, TaskCompletionSource<bool> turn)
    {
        lock (_lock)
        {
            if (StateOf(host).Queue.Remove(turn))
            {
                _pending--;
                turn.TrySetCanceled();
            }
        }
    }

    private HostState StateOf(string host)
    {
        if (!_hosts.TryGetValue(host, out HostState? state))
        {
            state = new HostState();
            _hosts.Add(host, state);
        }

        return state;
    }

    private sealed class HostState
    {
        public int Connections { get; set; }

        public int Idle { get; set; }

        public int Busy { get; set; }

        public LinkedList<TaskCompletionSource<bool>> Queue { get; } = new();
    }
}

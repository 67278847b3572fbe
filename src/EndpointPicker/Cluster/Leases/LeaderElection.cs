using EndpointPicker.Cluster.Api;

namespace EndpointPicker.Cluster.Leases;

/// <summary>
/// Elects one of several replicas by a lease, compatibly with client-go's leader election. A lease of somebody else is judged by how long it
/// has not changed by our own monotonic clock, never by the times in it; and we lead until <see cref="LeaderElectionOptions.RenewDeadline"/> after
/// the last renewal was sent, which is before anybody else's clock lets them take over. Nodes' clocks may differ as they like, if they run equally fast.
/// </summary>
/// <param name="store">The lease.</param>
/// <param name="options">Who we are, and the times.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Spreads the attempts of those who wait, so that they do not all come at once.</param>
/// <param name="logger">Where changes are told.</param>
internal sealed partial class LeaderElection(ILeaseStore store, LeaderElectionOptions options, TimeProvider time, Random random, ILogger<LeaderElection> logger)
{
    // As client-go's JitterFactor.
    private const double Jitter = 1.2;

    // A timer that is early by less than its own resolution must not make a loop without pauses.
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(1);

    private LeaseRecord? _seen;
    private long _seenAt;
    private bool _elected;
    private long _renewedAt;
    private bool _writeUnanswered;
    private volatile LeaderState _state = new(Leads: false, Holder: "", Fault: "");

    /// <summary>The state as last told.</summary>
    public LeaderState State => _state;

    private bool Holds => _seen?.Claim.Holder == options.Identity;

    private TimeSpan Remaining => _elected ? options.RenewDeadline - time.GetElapsedTime(_renewedAt) : TimeSpan.Zero;

    /// <summary>Takes part until cancelled, then gives the lease up at once where we hold it.</summary>
    /// <param name="changed">Hears of every change of the state.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Action<LeaderState> changed, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            string fault = await TryAsync(cancellationToken);
            Tell(Remaining > TimeSpan.Zero, fault, changed);
            await Task.Delay(Pause(), time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Tell(leads: false, fault: "", changed);
        await ReleaseAsync();
    }

    // Within half the deadline, as controller-runtime asks: a request that hangs leaves time for another. Within the deadline in any case.
    private async Task<string> TryAsync(CancellationToken cancellationToken)
    {
        TimeSpan limit = options.RenewDeadline / 2;
        using RequestBudget budget = new(_elected && Remaining < limit ? AtLeast(Remaining) : limit, time, cancellationToken);
        try
        {
            return await AttemptAsync(budget.Token) ?? "";
        }
        catch (Exception) when (budget.Token.IsCancellationRequested)
        {
            return cancellationToken.IsCancellationRequested ? "" : "the API server did not answer in time";
        }
        catch (Exception e)
        {
            Log.Broke(logger, e);
            return e.Message;
        }
    }

    // Null, or why it failed.
    private async ValueTask<string?> AttemptAsync(CancellationToken cancellationToken)
    {
        if (_elected && Holds)
        {
            LeaseAnswer renewed = await WriteAsync(_seen, cancellationToken);
            if (renewed.Record is not null || renewed.Fault is not null)
            {
                return renewed.Fault;
            }
        }

        LeaseAnswer read = await store.ReadAsync(cancellationToken);
        if (read.Fault is not null)
        {
            return read.Fault;
        }

        if (read.Record is { } record)
        {
            See(record);
        }

        // A lease that somebody deleted may still be believed in by whom we saw holding it.
        if (!Holds && IsTaken())
        {
            _elected = false;
            return null;
        }

        return (await WriteAsync(read.Record, cancellationToken)).Fault;
    }

    private bool IsTaken()
    {
        LeaseClaim? claim = _seen?.Claim;
        return claim is { Holder.Length: > 0 } && time.GetElapsedTime(_seenAt) < (claim.Duration > TimeSpan.Zero ? claim.Duration : options.LeaseDuration);
    }

    private async ValueTask<LeaseAnswer> WriteAsync(LeaseRecord? over, CancellationToken cancellationToken)
    {
        LeaseClaim? before = over?.Claim;
        bool mine = before?.Holder == options.Identity;
        DateTimeOffset now = time.GetUtcNow();
        LeaseClaim claim = new()
        {
            Holder = options.Identity,
            Duration = options.LeaseDuration,
            Transitions = before is null ? 0 : mine ? before.Transitions : before.Transitions + 1,
            Acquired = mine ? before!.Acquired : now,
            Renewed = now,
        };

        // Before it is sent: whoever sees the renewal sees it later than this.
        long sent = time.GetTimestamp();
        LeaseAnswer answer = await SendAsync(over, claim, cancellationToken);
        if (answer.Record is { } written)
        {
            See(written);
            _elected = true;
            _renewedAt = sent;
        }

        return answer;
    }

    private async ValueTask<LeaseAnswer> SendAsync(LeaseRecord? over, LeaseClaim claim, CancellationToken cancellationToken)
    {
        _writeUnanswered = true;
        LeaseAnswer answer = over is null ? await store.CreateAsync(claim, cancellationToken) : await store.UpdateAsync(over, claim, cancellationToken);
        _writeUnanswered = answer.Fault is not null;
        return answer;
    }

    private void See(LeaseRecord record)
    {
        if (_seen?.Version != record.Version)
        {
            _seenAt = time.GetTimestamp();
        }

        _seen = record;
    }

    private TimeSpan Pause()
    {
        if (!_elected)
        {
            return options.RetryPeriod * (1 + (random.NextDouble() * Jitter));
        }

        return Remaining < options.RetryPeriod ? AtLeast(Remaining) : options.RetryPeriod;
    }

    private static TimeSpan AtLeast(TimeSpan pause) => pause > LeastPause ? pause : LeastPause;

    // A holder that is nobody lets the next one in without waiting for the lease to end.
    private async Task ReleaseAsync()
    {
        if (!Holds && !_writeUnanswered)
        {
            return;
        }

        using CancellationTokenSource budget = new(options.RetryPeriod, time);
        try
        {
            // Read anew: the last write may not have been answered, and have been done all the same.
            LeaseAnswer read = await store.ReadAsync(budget.Token);
            if (read.Record is not { } held || held.Claim.Holder != options.Identity)
            {
                return;
            }

            DateTimeOffset now = time.GetUtcNow();
            LeaseClaim claim = new() { Duration = TimeSpan.FromSeconds(1), Transitions = held.Claim.Transitions, Acquired = now, Renewed = now };
            LeaseAnswer answer = await store.UpdateAsync(held, claim, budget.Token);
            if (answer.Record is not null)
            {
                Log.Released(logger);
                return;
            }

            Log.NotReleased(logger, answer.Fault ?? "somebody else has written it", options.LeaseDuration.TotalSeconds);
        }
        catch (OperationCanceledException)
        {
            Log.NotReleased(logger, "the API server did not answer in time", options.LeaseDuration.TotalSeconds);
        }
    }

    private void Tell(bool leads, string fault, Action<LeaderState> changed)
    {
        LeaderState before = _state;
        LeaderState after = new(leads, _seen?.Claim.Holder ?? "", fault);
        _elected = leads;
        if (after == before)
        {
            return;
        }

        _state = after;
        if (after.Fault.Length > 0 && after.Fault != before.Fault)
        {
            Log.Failing(logger, after.Fault);
        }

        if (after.Leads != before.Leads)
        {
            if (after.Leads)
            {
                Log.Leads(logger, options.Identity);
            }
            else
            {
                Log.LeadsNoMore(logger, options.Identity);
            }
        }
        else if (!after.Leads && after.Holder != before.Holder && after.Holder.Length > 0)
        {
            Log.Follows(logger, after.Holder);
        }

        changed(after);
    }
}

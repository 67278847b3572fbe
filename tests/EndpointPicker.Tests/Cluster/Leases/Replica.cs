using EndpointPicker.Cluster.Leases;
using EndpointPicker.Tests.Hosting.Tls;
using Testing;

namespace EndpointPicker.Tests.Cluster.Leases;

/// <summary>One replica that takes part, with its own clock and its own way to the lease.</summary>
internal sealed class Replica
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public Replica(string identity, FakeLeaseStore store, ManualTimeProvider clock, int seed = 1)
    {
        Clock = new JumpingClock(clock);
        Connection = store.Connect();
        Election = new LeaderElection(Connection, new LeaderElectionOptions { Identity = identity }, Clock, new Random(seed), Log);
    }

    public JumpingClock Clock { get; }

    public FakeLeaseStore.Connection Connection { get; }

    public LeaderElection Election { get; }

    public EventLogger<LeaderElection> Log { get; } = new();

    /// <summary>Every state that was told.</summary>
    public List<LeaderState> States { get; } = [];

    public Action<Replica>? Changed { get; set; }

    public bool Leads => Election.State.Leads;

    /// <summary>Takes part from now on.</summary>
    public Replica Start()
    {
        WithoutContext(() => _running = Election.RunAsync(Hear, _stop.Token));
        return this;
    }

    /// <summary>Asks it to stop, as a signal would.</summary>
    public Task StopAsync()
    {
        WithoutContext(_stop.Cancel);
        return _running;
    }

    private void Hear(LeaderState state)
    {
        States.Add(state);
        Changed?.Invoke(this);
    }

    // Under a test's own context, what timers and cancellations start would run later, on another thread.
    private static void WithoutContext(Action action)
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        action();
        SynchronizationContext.SetSynchronizationContext(context);
    }
}

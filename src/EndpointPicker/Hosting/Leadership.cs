using System.Diagnostics.Metrics;
using EndpointPicker.Cluster.Leases;
using EndpointPicker.Hosting.Lifetime;
using EndpointPicker.Hosting.Metrics;

namespace EndpointPicker.Hosting;

/// <summary>Takes part in the election of the one replica that serves, from the start to the drain.</summary>
internal sealed class Leadership : BackgroundService
{
    private readonly LeaderElection _election;
    private readonly string _lease;
    private readonly Readiness? _readiness;
    private readonly CancellationTokenSource _resigned = new();

    /// <summary>Prepares to take part.</summary>
    /// <param name="election">The election.</param>
    /// <param name="lease">The name of its lease.</param>
    /// <param name="readiness">What needs to lead to be ready; <see langword="null"/> where every replica is.</param>
    /// <param name="meters">Where it is counted who leads.</param>
    public Leadership(LeaderElection election, string lease, Readiness? readiness, IMeterFactory meters)
    {
        _election = election;
        _lease = lease;
        _readiness = readiness;
        _readiness?.Set(ReadinessCondition.Leader, $"not the leader: lease {lease} was not seen yet");
        KeyValuePair<string, object?> name = new("name", lease);
        meters.Create(MetricsCollector.MeterName).CreateObservableGauge(
            "leader_election_master_status",
            () => new Measurement<int>(election.State.Leads ? 1 : 0, name),
            "",
            "Whether this replica leads: 1, or 0 where it waits for the lease.");
    }

    /// <summary>Gives the lease up, and does not take it again.</summary>
    public void Resign() => _resigned.Cancel();

    public override void Dispose()
    {
        base.Dispose();
        _resigned.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(_resigned.Token, stoppingToken);
        await _election.RunAsync(Report, either.Token);
    }

    private void Report(LeaderState state) => _readiness?.Set(
        ReadinessCondition.Leader,
        state.Leads ? null
        : state.Fault.Length > 0 ? $"not the leader: {state.Fault}"
        : state.Holder.Length > 0 ? $"not the leader: {state.Holder} holds lease {_lease}"
        : $"not the leader: nobody holds lease {_lease}");
}

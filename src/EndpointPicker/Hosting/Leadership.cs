using System.Diagnostics.Metrics;
using EndpointPicker.Cluster.Leases;
using EndpointPicker.Hosting.Lifetime;
using EndpointPicker.Hosting.Metrics;

namespace EndpointPicker.Hosting;

/// <summary>Takes part in the election of the one replica that serves, from the start to the drain.</summary>
internal sealed class Leadership : BackgroundService
{
    private readonly LeaderElection _election;
    private readonly string _identity;
    private readonly string _lease;
    private readonly Readiness? _readiness;
    private readonly CancellationTokenSource _resigned = new();

    /// <summary>Prepares to take part.</summary>
    /// <param name="election">The election.</param>
    /// <param name="identity">Who this replica is in it.</param>
    /// <param name="lease">The name of its lease.</param>
    /// <param name="readiness">What needs to lead to be ready; <see langword="null"/> where every replica is.</param>
    /// <param name="meters">Where it is counted who leads.</param>
    public Leadership(LeaderElection election, string identity, string lease, Readiness? readiness, IMeterFactory meters)
    {
        _election = election;
        _identity = identity;
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

    /// <summary>Why a replica should get no traffic as far as leading goes; <see langword="null"/> where it should.</summary>
    /// <remarks>
    /// A leader that cannot reach the API server stays ready until it learns that somebody else leads. Where the server is away, nobody can; where only
    /// this replica is cut off, two serve for a while, which costs a picker some quality and no request.
    /// </remarks>
    internal static string? NotReady(LeaderState state, string identity, string lease) =>
        state.Leads || (state.Fault.Length > 0 && state.Holder == identity) ? null
        : state.Fault.Length > 0 ? $"not the leader: {state.Fault}"
        : state.Holder.Length > 0 ? $"not the leader: {state.Holder} holds lease {lease}"
        : $"not the leader: nobody holds lease {lease}";

    private void Report(LeaderState state) => _readiness?.Set(ReadinessCondition.Leader, NotReady(state, _identity, _lease));
}

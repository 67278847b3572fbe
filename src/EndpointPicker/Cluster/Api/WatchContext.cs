namespace EndpointPicker.Cluster.Api;

/// <summary>What every watch needs of the process.</summary>
/// <param name="Time">The clock.</param>
/// <param name="Random">Chance, for this watch alone: it is not safe to share.</param>
/// <param name="Logger">Takes changes of state.</param>
/// <param name="Notices">Takes faults, with those of other watches of the API server.</param>
internal sealed record WatchContext(TimeProvider Time, Random Random, ILogger Logger, FaultNotices Notices);

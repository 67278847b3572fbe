using System.Diagnostics.Metrics;

namespace EndpointPicker.Cluster.Following;

/// <summary>What following needs of the process.</summary>
/// <param name="Time">The clock.</param>
/// <param name="Random">Chance; it seeds that of each watch.</param>
/// <param name="Meters">Where instruments are made.</param>
/// <param name="Loggers">Where changes are told.</param>
internal sealed record FollowContext(TimeProvider Time, Random Random, IMeterFactory Meters, ILoggerFactory Loggers);

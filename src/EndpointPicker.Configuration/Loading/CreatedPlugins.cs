using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Scheduling;

namespace EndpointPicker.Configuration.Loading;

/// <summary>The plugins of one process: what a <see cref="Scheduler"/> and admission are made from.</summary>
/// <param name="Handler">The profile handler.</param>
/// <param name="Profiles">The profiles, each with a picker.</param>
/// <param name="Producers">The data producers, in the order in which they depend on one another.</param>
/// <param name="SaturationDetector">What says how full the pool is.</param>
public sealed record CreatedPlugins(
    IProfileHandler Handler,
    IReadOnlyList<SchedulingProfile> Profiles,
    IReadOnlyList<Named<IDataProducer>> Producers,
    ISaturationDetector SaturationDetector);

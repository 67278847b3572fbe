using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Scheduling;
using EndpointPicker.Core.Scheduling.Pickers;
using EndpointPicker.Core.Scheduling.Profiles;
using Microsoft.Extensions.Logging.Abstractions;

namespace EndpointPicker.Tests.Board;

/// <summary>Pools that decide by nothing in particular.</summary>
internal static class TestPools
{
    public static DirectedPool Direct(EndpointPool endpoints, IReadOnlyList<SchedulingProfile> profiles, TimeProvider time)
    {
        SchedulingProfile profile = new("default", [], [], new Named<IPicker>("random", "random-picker", new RandomPicker(new PickerOptions())));
        DecisionPolicy policy = new()
        {
            Scheduler = new Scheduler(new SingleProfileHandler(), [profile], [], null),
            Freshness = new FreshnessPolicy(time, TimeSpan.FromSeconds(2)),
        };
        return new DirectedPool(endpoints)
        {
            Policy = policy,
            Director = new RequestDirector(endpoints, policy, new RequestTelemetry(null, null, NullLogger<RequestDirector>.Instance), time, new Random(1)),
            Rehearsal = new Rehearsal(endpoints, policy, NullLogger<RequestDirector>.Instance, time, new Random(1)),
            Profiles = profiles,
        };
    }
}

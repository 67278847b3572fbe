namespace EndpointPicker.Core.Scheduling.Profiles;

/// <summary><c>single-profile-handler</c>: runs the only profile; its failure is the request's.</summary>
public sealed class SingleProfileHandler : IProfileHandler
{
    /// <inheritdoc/>
    public int Next(in SchedulingContext context, ReadOnlySpan<ProfileOutcome> outcomes) =>
        outcomes[0] == ProfileOutcome.NotRun ? 0 : -1;

    /// <inheritdoc/>
    public int Primary(ReadOnlySpan<ProfileOutcome> outcomes) => 0;
}

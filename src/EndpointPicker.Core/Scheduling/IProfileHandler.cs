namespace EndpointPicker.Core.Scheduling;

/// <summary>Decides which profiles a request runs through, and which of them names its destination.</summary>
public interface IProfileHandler
{
    /// <summary>The profile to run next.</summary>
    /// <param name="context">The request and what is known about it.</param>
    /// <param name="outcomes">What has become of each profile so far, in the order of configuration.</param>
    /// <returns>The profile's index, or -1 when the request has run through all that it needs.</returns>
    int Next(in SchedulingContext context, ReadOnlySpan<ProfileOutcome> outcomes);

    /// <summary>The profile whose picks are the request's destination.</summary>
    /// <param name="outcomes">What has become of each profile.</param>
    /// <returns>The profile's index.</returns>
    int Primary(ReadOnlySpan<ProfileOutcome> outcomes);
}

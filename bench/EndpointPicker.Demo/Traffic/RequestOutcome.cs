namespace EndpointPicker.Demo.Traffic;

/// <summary>One finished request as its client saw it.</summary>
/// <param name="Model">What it called for.</param>
/// <param name="Pod">Which pod says that it answered; null when none did.</param>
/// <param name="Status">HTTP status, 0 when the connection broke or the answer was cut short.</param>
/// <param name="FirstToken">From the moment it was due to the first token; null for an answer that was not streamed.</param>
/// <param name="Total">From the moment it was due to the end.</param>
/// <param name="Usage">What the pod counted.</param>
internal sealed record RequestOutcome(string Model, string? Pod, int Status, TimeSpan? FirstToken, TimeSpan Total, TokenUsage Usage)
{
    public bool IsGood => Status == 200;
}

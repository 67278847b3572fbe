namespace EndpointPicker.Demo.Traffic;

/// <summary>One finished request as its client saw it.</summary>
/// <param name="Tenant">Who asked.</param>
/// <param name="Pod">Which pod says that it answered; null when none did.</param>
/// <param name="Status">HTTP status, 0 when the connection broke.</param>
/// <param name="FirstToken">From the scheduled moment of sending to the first token.</param>
/// <param name="Total">From the scheduled moment of sending to the end.</param>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="CachedTokens">How many of them the pod had cached.</param>
internal sealed record RequestOutcome(Tenant Tenant, string? Pod, int Status, TimeSpan FirstToken, TimeSpan Total, int PromptTokens, int CachedTokens);

namespace EndpointPicker.LoadGenerator.Load;

/// <summary>One stream: its destination, how long that took since the message before, when the request phase was answered, and what went wrong.</summary>
internal readonly record struct ExchangeResult(string? Destination, TimeSpan Decision, long Answered, string? Error)
{
    public static ExchangeResult Failed(string error) => new(null, TimeSpan.Zero, 0, error);
}

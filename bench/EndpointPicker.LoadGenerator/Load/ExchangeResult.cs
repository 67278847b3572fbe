namespace EndpointPicker.LoadGenerator.Load;

/// <summary>One stream: its destination, its moments as timestamps, and what went wrong, if anything.</summary>
internal readonly record struct ExchangeResult(string? Destination, long LastSent, long Decided, long Answered, string? Error)
{
    public static ExchangeResult Failed(string error) => new(null, 0, 0, 0, error);
}

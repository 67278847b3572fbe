namespace EndpointPicker.Core.Scheduling.Producers;

/// <summary>Options of <see cref="InflightLoadProducer"/>.</summary>
public sealed record InflightLoadProducerOptions
{
    /// <summary>Whether output is estimated and counted until the request ends.</summary>
    /// <value>Default <see langword="false"/>: only the prompt's uncached tokens count, until the response begins.</value>
    public bool AddEstimatedOutputTokens { get; init; }

    /// <summary>Estimated output tokens per input token.</summary>
    /// <value>Default 1.5.</value>
    public double OutputRatio { get; init; } = 1.5;

    /// <summary>The cap on the estimated output tokens.</summary>
    /// <value>Default <see langword="null"/>: none but the client's own limit.</value>
    public long? MaxEstimatedOutputTokens { get; init; }
}

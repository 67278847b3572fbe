namespace EndpointPicker.Board;

/// <summary>What the process counts and says of itself. Counts are since the start, so that the browser makes rates of any two readings.</summary>
internal sealed record BoardFigures
{
    /// <summary>The build's version.</summary>
    public required string Version { get; init; }

    /// <summary>Why the picker should get no traffic; empty where it should.</summary>
    public required string NotReady { get; init; }

    /// <summary>Requests that were given an endpoint.</summary>
    public required long Requests { get; init; }

    /// <summary>Requests that failed, in the picker or at the model server.</summary>
    public required long Errors { get; init; }

    /// <summary>ext_proc streams that are open; <see langword="null"/> where they are not counted.</summary>
    public required long? Streams { get; init; }

    /// <summary>Scheduling attempts that found no endpoint.</summary>
    public required long FailedPicks { get; init; }

    /// <summary>The scheduler's picks by endpoint.</summary>
    public required IReadOnlyDictionary<(string Namespace, string Name), long> Picks { get; init; }

    /// <summary>Pages of model servers that were fetched, well or not.</summary>
    public required long Scrapes { get; init; }

    /// <summary>Fetches that failed.</summary>
    public required long ScrapeErrors { get; init; }

    /// <summary>Upper bounds in seconds of the buckets of <see cref="DecisionTimes"/>, without infinity.</summary>
    public required IReadOnlyList<double> DecisionTimeBounds { get; init; }

    /// <summary>How many decisions took how long, by bucket; one more than there are bounds.</summary>
    public required IReadOnlyList<long> DecisionTimes { get; init; }
}

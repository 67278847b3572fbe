namespace EndpointPicker.Hosting.Tracing;

/// <summary>Where spans go.</summary>
internal sealed record TracingOptions
{
    /// <summary>The share of new traces that the reference samples.</summary>
    public const double DefaultRatio = 0.1;

    public static TracingOptions Off { get; } = new();

    /// <summary>Whether they go to a collector, over OTLP.</summary>
    public bool Otlp { get; init; }

    /// <summary>Whether they go to the log.</summary>
    public bool Log { get; init; }

    /// <summary>The share of requests without a caller's trace that are traced.</summary>
    /// <value>The default is 0.1.</value>
    public double Ratio { get; init; } = DefaultRatio;

    /// <summary>The collector, without user or password; empty for the standard's default.</summary>
    public string Endpoint { get; init; } = "";

    public bool IsOn => Otlp || Log;

    public override string ToString() => !IsOn
        ? "off"
        : $"{(Otlp ? $"OTLP to {(Endpoint.Length > 0 ? Endpoint : "localhost")}" : "")}{(Otlp && Log ? " and " : "")}{(Log ? "the log" : "")}, a share of {Ratio} where the caller does not say";
}

namespace EndpointPicker.Cluster.Api;

/// <summary>Budgets of the API client.</summary>
internal sealed record ApiClientOptions
{
    /// <summary>Who asks, as the server's audit log shows it.</summary>
    public string UserAgent { get; init; } = "epp";

    /// <summary>How long connecting may take, TLS included.</summary>
    /// <value>5 s.</value>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a whole request may take, connecting included; of a watch, until its head is there.</summary>
    /// <value>30 s, as the API server's own longest wait is 60 s and its usual answer takes milliseconds.</value>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an HTTP/2 connection may be silent before it is probed, and how long the probe may take.</summary>
    /// <value>5 s: with the runtime's own steps a dead peer is noticed within 12 s.</value>
    public TimeSpan Probe { get; init; } = TimeSpan.FromSeconds(5);
}

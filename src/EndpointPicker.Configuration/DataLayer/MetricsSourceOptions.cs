namespace EndpointPicker.Configuration.DataLayer;

/// <summary>How model servers are scraped (<c>metrics-data-source</c>).</summary>
public sealed record MetricsSourceOptions
{
    /// <summary><c>http</c> or <c>https</c>.</summary>
    /// <value>The default is <c>http</c>.</value>
    public string Scheme { get; init; } = "http";

    /// <summary>The path of the metrics page.</summary>
    /// <value>The default is <c>/metrics</c>.</value>
    public string Path { get; init; } = "/metrics";

    /// <summary>The port of the metrics page, 1 to 65535, on every endpoint alike.</summary>
    /// <value>The default is <see langword="null"/>: the port that serves requests.</value>
    public int? Port { get; init; }

    /// <summary>Whether any server certificate is taken; only with <c>https</c>.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool InsecureSkipVerify { get; init; } = true;

    /// <summary>A PEM file of the authorities that sign server certificates; empty for those of the system.</summary>
    public string CaCertPath { get; init; } = "";

    /// <summary>A PEM file with a client certificate; empty for none.</summary>
    public string ClientCertPath { get; init; } = "";

    /// <summary>A PEM file with the client certificate's key.</summary>
    public string ClientKeyPath { get; init; } = "";

    /// <summary>How often an endpoint is scraped; at least 50 ms.</summary>
    /// <value>The default is <see langword="null"/>: the process's refresh interval.</value>
    public TimeSpan? Interval { get; init; }
}

using System.Net.Security;
using System.Security.Authentication;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.ExtProc;
using EndpointPicker.Hosting.Tls;
using EndpointPicker.Hosting.Tracing;

namespace EndpointPicker.Hosting.CommandLine;

/// <summary>The command line, read and checked.</summary>
internal sealed record EppOptions
{
    /// <summary>What the pools go by together: the first one's name.</summary>
    public required string PoolName { get; init; }

    /// <summary>The pools to serve from the start, the default one first.</summary>
    public IReadOnlyList<string> Pools => PoolNames.Count > 0 ? PoolNames : Cluster.PoolSelector.Length > 0 ? [] : [PoolName];

    /// <summary>The pools as named on the command line.</summary>
    public IReadOnlyList<string> PoolNames { get; init; } = [];

    /// <summary>Whether there may be more than one pool, so that metrics must tell them apart.</summary>
    public bool ServesSeveralPools => PoolNames.Count > 1 || Cluster.PoolSelector.Length > 0;

    /// <summary>Which of the proxy's routes go to which pool.</summary>
    public IReadOnlyList<PoolRoute> PoolRoutes { get; init; } = [];

    /// <summary>Files with the configurations of single pools, by the pool's name.</summary>
    public IReadOnlyDictionary<string, string> PoolConfigFiles { get; init; } = new Dictionary<string, string>();

    /// <summary>Model servers named on the command line; empty where discovery finds them.</summary>
    public required IReadOnlyList<string> Endpoints { get; init; }

    /// <summary>What is followed where a Kubernetes cluster says who the model servers are.</summary>
    public ClusterOptions Cluster { get; init; } = new();

    public bool IgnoreSubsetHint { get; init; }

    /// <summary>Whether replicas elect one of them, the only one to be ready.</summary>
    public bool LeaderElection { get; init; }

    /// <summary>Whether those that are not elected are ready as well.</summary>
    public bool ReadyOnEveryReplica { get; init; }

    public int GrpcPort { get; init; }

    public int HealthPort { get; init; }

    public int MetricsPort { get; init; }

    /// <summary>Bytes of the largest message that is read.</summary>
    public int MaxReceiveMessageSize { get; init; }

    public bool StreamMetrics { get; init; }

    public TimeSpan DrainTimeout { get; init; }

    /// <summary>How long open streams may go on after the drain; zero is as long as they need.</summary>
    public TimeSpan DrainLimit { get; init; }

    public bool SecureServing { get; init; }

    public bool AllowPlaintext { get; init; }

    /// <summary>The folder of the certificate; empty for a self-signed one.</summary>
    public string CertPath { get; init; } = "";

    public bool CertReload { get; init; }

    public string TlsMinVersion { get; init; } = "";

    public IReadOnlyList<string> TlsCipherSuites { get; init; } = [];

    /// <summary>Whether callers of the metrics port show who they are, where Kubernetes can be asked about them.</summary>
    public bool MetricsAuth { get; init; } = true;

    /// <summary>Whether that was asked for in so many words, and not left to the default.</summary>
    public bool MetricsAuthAsked { get; init; }

    /// <summary>The folder of the metrics port's certificate; empty for plain HTTP.</summary>
    public string MetricsCertDir { get; init; } = "";

    /// <summary>The authorities of client certificates for the metrics port; empty where clients need none.</summary>
    public string MetricsClientCaFile { get; init; } = "";

    /// <summary><c>auto</c>, <c>request</c> or <c>headers</c>.</summary>
    public string StreamLifetime { get; init; } = "auto";

    /// <summary><c>none</c>, <c>buffered</c>, <c>buffered-partial</c>, <c>streamed</c> or <c>fds</c>.</summary>
    public string DefaultBodyMode { get; init; } = "fds";

    public bool BodyByModeOverride { get; init; }

    /// <summary>Bytes of the largest request body that is held.</summary>
    public long MaxRequestBodySize { get; init; }

    /// <summary>How many JSON objects and arrays of a request body may be open at once.</summary>
    public int MaxJsonDepth { get; init; } = 256;

    public TimeSpan DecisionTimeout { get; init; }

    public bool EmitEndpointScores { get; init; }

    /// <summary>Whether the wire shows what the reference shows.</summary>
    public bool ReferenceCompatibility { get; init; }

    public TimeSpan ScrapeInterval { get; init; }

    /// <summary>What flags of older releases say of scraping.</summary>
    public MetricsSourceFlags MetricsSource { get; init; } = MetricsSourceFlags.None;

    public TimeSpan StalenessThreshold { get; init; }

    public string? ConfigFile { get; init; }

    public string? ConfigText { get; init; }

    public bool AllowExperimentalPlugins { get; init; }

    public LogLevel LogLevel { get; init; }

    /// <summary>The health port of a running picker to ask instead of serving; empty to serve.</summary>
    public string Probe { get; init; } = "";

    /// <summary>Where spans go, as the flag and the environment say.</summary>
    public TracingOptions Tracing { get; init; } = TracingOptions.Off;

    /// <summary>How ext_proc streams are served.</summary>
    public ExtProcOptions ToExtProcOptions() => new()
    {
        DefaultBodyMode = DefaultBodyMode switch
        {
            "none" => BodyMode.None,
            "buffered" => BodyMode.Buffered,
            "buffered-partial" => BodyMode.BufferedPartial,
            "streamed" => BodyMode.Streamed,
            _ => BodyMode.FullDuplexStreamed,
        },
        Lifetime = StreamLifetime switch
        {
            "request" => ExtProc.StreamLifetime.Request,
            "headers" => ExtProc.StreamLifetime.Headers,
            _ => ExtProc.StreamLifetime.Auto,
        },
        Compatibility = ReferenceCompatibility ? WireCompatibility.Reference : WireCompatibility.None,
        RequestBodyByModeOverride = BodyByModeOverride,
        DecisionTimeout = DecisionTimeout > TimeSpan.Zero ? DecisionTimeout : Timeout.InfiniteTimeSpan,
        MaxRequestBodyBytes = MaxRequestBodySize,
        EmitEndpointScores = EmitEndpointScores,
        ReadRouteName = PoolRoutes.Count > 0,
    };

    /// <summary>What the ext_proc port takes.</summary>
    public TlsOptions ToTlsOptions()
    {
        _ = TlsVersion.TryParse(TlsMinVersion, out SslProtocols protocols);
        _ = CipherSuites.TryParse(TlsCipherSuites, out TlsCipherSuite[]? suites, out _);
        return new TlsOptions
        {
            Secure = SecureServing,
            AllowPlaintext = !SecureServing || AllowPlaintext,
            Protocols = protocols,
            CipherSuites = CipherSuites.ToPolicy(suites),
        };
    }
}

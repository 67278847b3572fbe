using System.Globalization;
using System.Text;
using EndpointPicker.Cluster;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Requests;
using EndpointPicker.Hosting.Tls;
using EndpointPicker.Hosting.Tracing;

namespace EndpointPicker.Hosting.CommandLine;

/// <summary>Turns flag values into options, and names every mistake at once.</summary>
internal static class EppOptionsReader
{
    // The reference clamps lower intervals silently; a scrape more often than this costs the model server more than it tells.
    private static readonly TimeSpan LeastScrapeInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Reads the flags, and what of the environment belongs to them.</summary>
    /// <param name="values">The flags as given; takes errors and warnings.</param>
    /// <param name="environment">The value of an environment variable, <see langword="null"/> where it is not set; without this none is.</param>
    public static EppOptions Read(FlagValues values, Func<string, string?>? environment = null)
    {
        FlagReader read = new(values);
        IReadOnlyList<string> pools = [.. read.List("pool-name").Distinct(StringComparer.Ordinal)];
        IReadOnlyList<(string Key, string Value)> routes = read.Pairs("pool-route");
        IReadOnlyList<(string Key, string Value)> files = read.Pairs("pool-config");
        ClusterOptions cluster = ClusterOptionsReader.Read(read, values, environment ?? (_ => null));
        List<string> endpoints = Endpoints(read, values);
        IEnumerable<string> strangers = cluster.PoolSelector.Length > 0 ? [] : routes.Select(route => route.Value).Concat(files.Select(own => own.Key)).Except(pools).Distinct();
        foreach (string stranger in strangers)
        {
            values.Errors.Add($"--pool-route and --pool-config: {stranger} is no pool that --pool-name names");
        }

        foreach ((string prefix, string pool) in routes.Where(route => Encoding.UTF8.GetByteCount(route.Key) > InferenceRequest.LongestRouteName))
        {
            values.Errors.Add($"--pool-route: the prefix for {pool} has {Encoding.UTF8.GetByteCount(prefix)} bytes, and of a route's name {InferenceRequest.LongestRouteName} are read: give a shorter prefix");
        }

        foreach ((string pool, _) in files.GroupBy(own => own.Key).Where(group => group.Count() > 1).Select(group => group.First()))
        {
            values.Errors.Add($"--pool-config: {pool} has more than one configuration");
        }

        if (pools.Count > 1 && endpoints.Count > 0)
        {
            values.Errors.Add("--endpoint serves one pool: with several, each needs file-discovery in a configuration of its own (--pool-config), or Kubernetes");
        }

        string? file = read.OptionalText("config-file");
        string? text = read.OptionalText("config-text");
        if (file is not null && text is not null)
        {
            values.Errors.Add("--config-file and --config-text exclude each other: give one of them");
        }

        TimeSpan interval = read.Duration("refresh-metrics-interval");
        if (interval < LeastScrapeInterval)
        {
            values.Warnings.Add($"--refresh-metrics-interval={read.Text("refresh-metrics-interval")} is raised to 50ms, the least there is");
            interval = LeastScrapeInterval;
        }

        if (!CipherSuites.TryParse(read.List("tls-cipher-suites"), out _, out string? unknown))
        {
            values.Errors.Add($"--tls-cipher-suites: {unknown} is no cipher suite; names are Go's, as in TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
        }

        CheckMetricsPort(read, values);

        if (read.Boolean("ha-ready-on-every-replica") && !read.Boolean("ha-enable-leader-election"))
        {
            values.Warnings.Add("--ha-ready-on-every-replica has no effect without --ha-enable-leader-election: without an election every replica is ready");
        }

        return new EppOptions
        {
            PoolName = pools.Count > 0 ? pools[0] : "epp",
            PoolNames = pools,
            PoolRoutes = [.. routes.Select(route => new PoolRoute(route.Key, route.Value))],
            PoolConfigFiles = files.DistinctBy(own => own.Key).ToDictionary(own => own.Key, own => own.Value),
            Endpoints = endpoints,
            Cluster = cluster,
            IgnoreSubsetHint = read.Boolean("disable-endpoint-subset-filter"),
            LeaderElection = read.Boolean("ha-enable-leader-election"),
            ReadyOnEveryReplica = read.Boolean("ha-ready-on-every-replica"),
            GrpcPort = read.Port("grpc-port"),
            HealthPort = read.Port("grpc-health-port"),
            MetricsPort = read.Port("metrics-port"),
            MaxReceiveMessageSize = (int)Math.Min(read.Size("grpc-max-recv-msg-size", whenZero: "16Mi"), int.MaxValue),
            StreamMetrics = read.Boolean("enable-grpc-stream-metrics"),
            DrainTimeout = read.Duration("drain-timeout"),
            DrainLimit = read.Duration("drain-limit"),
            SecureServing = read.Boolean("secure-serving"),
            AllowPlaintext = read.Boolean("allow-plaintext"),
            CertPath = read.Text("cert-path"),
            CertReload = read.Boolean("enable-cert-reload"),
            TlsMinVersion = read.OneOf("tls-min-version", "", "VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13"),
            TlsCipherSuites = read.List("tls-cipher-suites"),
            MetricsAuth = read.Boolean("metrics-endpoint-auth"),
            MetricsAuthAsked = values.Given.ContainsKey("metrics-endpoint-auth") && read.Boolean("metrics-endpoint-auth"),
            MetricsCertDir = read.Text("metrics-cert-dir"),
            MetricsClientCaFile = read.Text("metrics-client-ca-file"),
            StreamLifetime = read.OneOf("stream-lifetime", "auto", "request", "headers"),
            DefaultBodyMode = read.OneOf("default-body-mode", "none", "buffered", "buffered-partial", "streamed", "fds"),
            BodyByModeOverride = read.Boolean("request-body-by-mode-override"),
            MaxJsonDepth = read.Positive("max-json-depth"),
            MaxRequestBodySize = read.Size("max-request-body-size", whenZero: "64Mi"),
            DecisionTimeout = read.Duration("decision-timeout"),
            EmitEndpointScores = read.Boolean("emit-endpoint-scores"),
            ReferenceCompatibility = read.OneOf("compatibility", "none", "reference") == "reference",
            ScrapeInterval = interval,
            MetricsSource = MetricsSourceFlags.Read(read, values),
            StalenessThreshold = read.Duration("metrics-staleness-threshold"),
            ConfigFile = file,
            ConfigText = text,
            AllowExperimentalPlugins = read.Boolean("allow-experimental-plugins"),
            LogLevel = Level(read),
            Probe = Probe(read),
            Tracing = read.Boolean("tracing") ? TracingOptionsReader.Read(environment ?? (_ => null), values.Warnings) : TracingOptions.Off,
        };
    }

    private static void CheckMetricsPort(FlagReader read, FlagValues values)
    {
        bool tls = read.Text("metrics-cert-dir").Length > 0;
        bool clients = read.Text("metrics-client-ca-file").Length > 0;
        if (clients && !tls)
        {
            values.Errors.Add("--metrics-client-ca-file needs --metrics-cert-dir: client certificates are shown over TLS only");
        }

        if (tls && !clients && !read.Boolean("metrics-endpoint-auth"))
        {
            values.Errors.Add("--metrics-cert-dir with --metrics-endpoint-auth=false needs --metrics-client-ca-file: else everybody is answered, TLS or not");
        }
    }

    private static List<string> Endpoints(FlagReader read, FlagValues values)
    {
        List<string> endpoints = [];
        foreach (string item in read.List("endpoint"))
        {
            if (StaticDiscovery.TryParse(item, out _))
            {
                endpoints.Add(item);
            }
            else
            {
                values.Errors.Add($"--endpoint={item}: expected ip:port, as in 10.0.0.7:8000, [2001:db8::7]:8000 or vllm.local:8000");
            }
        }

        return endpoints;
    }

    private static string Probe(FlagReader read)
    {
        string address = read.Text("probe");
        if (address.Length > 0 && !StaticDiscovery.TryParse(address, out _))
        {
            read.Wrong("probe", "expected ip:port, as in 127.0.0.1:9003");
        }

        return address;
    }

    private static LogLevel Level(FlagReader read)
    {
        string zap = read.Text("zap-log-level");
        int verbosity = zap switch
        {
            "" => read.Integer("v"),
            "info" => 3,
            "debug" => 4,
            "error" => -1,
            "panic" => -2,
            _ => int.TryParse(zap, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : read.Wrong("zap-log-level", "expected debug, info, error, panic or a positive number"),
        };
        return verbosity switch
        {
            -2 => LogLevel.Critical,
            -1 when zap.Length > 0 => LogLevel.Error,
            <= 3 => LogLevel.Information,
            4 => LogLevel.Debug,
            _ => LogLevel.Trace,
        };
    }
}

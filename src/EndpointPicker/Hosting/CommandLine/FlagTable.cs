namespace EndpointPicker.Hosting.CommandLine;

/// <summary>Every flag: the reference's names and defaults, then those that only this picker has.</summary>
internal static class FlagTable
{
    private const string Pool = "Pool";
    private const string Listeners = "Listeners";
    private const string Security = "Security";
    private const string Stream = "ext_proc stream";
    private const string Signals = "Signals";
    private const string Configuration = "Configuration";
    private const string Diagnostics = "Diagnostics";
    private const string UseEngineConfigs = "set it in engineConfigs of core-metrics-extractor in the configuration file";
    private const string ZapHasNoEffect = "logs are always JSON lines; only --zap-log-level and -v have an effect";

    public static IReadOnlyList<Flag> All { get; } =
    [
        new("pool-name", FlagKind.List, "", "Name of the InferencePool, as metrics show it; repeat it to serve several pools, of which the first takes what names none")
        {
            Section = Pool,
            Aliases = ["poolName"],
        },
        new("pool-namespace", FlagKind.Text, "", "In Kubernetes: the namespace of pools and pods; where not given, the environment variable NAMESPACE, then default")
        {
            Section = Pool,
            Aliases = ["poolNamespace"],
        },
        new("pool-group", FlagKind.Text, "", "In Kubernetes: the API group of the pool, inference.networking.k8s.io or inference.networking.x-k8s.io; where not given, whichever has the pool, the former first")
        {
            Section = Pool,
        },
        new("pool-selector", FlagKind.Text, "", "In Kubernetes: label selector of the InferencePools to serve, instead of --pool-name; they come and go as the cluster says") { Section = Pool },
        new("pool-route", FlagKind.List, "", "With several pools: PREFIX=POOL sends the requests whose route name (attribute xds.route_name) begins so, with 512 bytes at most, to that pool; repeat it")
        {
            Section = Pool,
        },
        new("pool-config", FlagKind.List, "", "With several pools: POOL=FILE is that pool's own EndpointPickerConfig instead of --config-file; repeat it") { Section = Pool },
        new("endpoint", FlagKind.List, "", "A model server as ip:port; repeat it or separate by commas. Instead of discovery, for a quick start") { Section = Pool },
        new("endpoint-selector", FlagKind.Text, "", "In Kubernetes: label selector of the pods to serve, instead of --pool-name; needs no InferencePool, but --endpoint-target-ports and the environment variable POD_NAME") { Section = Pool },
        new("endpoint-target-ports", FlagKind.List, "", "With --endpoint-selector: the ports of each pod, 1 to 8; a port's place in the list is its data-parallel rank") { Section = Pool },
        new("disable-endpoint-subset-filter", FlagKind.Boolean, "false", "Ignore the proxy's endpoint subset hint") { Section = Pool },
        new("ha-enable-leader-election", FlagKind.Boolean, "false", "Elect one of several replicas by a Kubernetes lease; only the leader is ready") { Section = Pool },
        new("ha-ready-on-every-replica", FlagKind.Boolean, "false", "With --ha-enable-leader-election: elect, and be ready on every replica all the same") { Section = Pool },

        new("grpc-port", FlagKind.Integer, "9002", "Port of the ext_proc service; 0 for any") { Section = Listeners, Aliases = ["grpcPort"] },
        new("grpc-health-port", FlagKind.Integer, "9003", "Port of the health service; 0 for any") { Section = Listeners, Aliases = ["grpcHealthPort"] },
        new("metrics-port", FlagKind.Integer, "9090", "Port of /metrics, /healthz, /readyz, /explain, /board and /debug/plugins/state; 0 for any")
        {
            Section = Listeners,
            Aliases = ["metricsPort"],
        },
        new("grpc-max-recv-msg-size", FlagKind.Text, "16Mi", "Largest ext_proc message, as a quantity (16Mi, 25MB)") { Section = Listeners },
        new("grpc-max-send-msg-size", FlagKind.Text, "", "Accepted; answers are never larger than what was received")
        {
            Section = Listeners,
            Ignored = "answers are never larger than what was received",
        },
        new("health-checking", FlagKind.Boolean, "false", "Accepted; health is always served on both gRPC ports")
        {
            Section = Listeners,
            Ignored = "health is always served on both gRPC ports",
        },
        new("enable-grpc-stream-metrics", FlagKind.Boolean, "false", "Count ext_proc streams, their duration and status") { Section = Listeners },
        new("drain-timeout", FlagKind.Duration, "30s", "After SIGTERM: how long new streams are still taken while health says NOT_SERVING") { Section = Listeners },
        new("drain-limit", FlagKind.Duration, "0s", "After that: how long open streams may go on; 0 for as long as they need") { Section = Listeners },

        new("secure-serving", FlagKind.Boolean, "true", "Take TLS on the ext_proc port") { Section = Security },
        new("allow-plaintext", FlagKind.Boolean, "true", "With --secure-serving: take h2c on the same port as well") { Section = Security },
        new("cert-path", FlagKind.Text, "", "Folder with tls.crt and tls.key; empty for a self-signed certificate") { Section = Security },
        new("enable-cert-reload", FlagKind.Boolean, "false", "Load the certificate again when its files change") { Section = Security },
        new("tls-min-version", FlagKind.Text, "", "VersionTLS12 or VersionTLS13 (older ones are named but refused by the platform)") { Section = Security },
        new("tls-cipher-suites", FlagKind.List, "", "Cipher suites up to TLS 1.2, by their Go names") { Section = Security },
        new("metrics-endpoint-auth", FlagKind.Boolean, "true", "Where there is a Kubernetes API server: callers of the metrics port other than loopback need a token that is granted the path; not for /healthz and /readyz")
        {
            Section = Security,
        },
        new("metrics-cert-dir", FlagKind.Text, "", "Folder with tls.crt and tls.key: the metrics port takes TLS alone, and follows the files") { Section = Security },
        new("metrics-client-ca-file", FlagKind.Text, "", "PEM file of authorities: callers of the metrics port need a client certificate of theirs; needs --metrics-cert-dir") { Section = Security },

        new("stream-lifetime", FlagKind.Text, "auto", "auto: as long as the proxy wants; request: end after the request phase; headers: after the response's headers") { Section = Stream },
        new("default-body-mode", FlagKind.Text, "fds", "Body mode where the proxy does not tell: none, buffered, buffered-partial, streamed or fds") { Section = Stream },
        new("request-body-by-mode-override", FlagKind.Boolean, "false", "Ask for the body by mode override where the proxy's configuration sends headers only") { Section = Stream },
        new("max-request-body-size", FlagKind.Text, "64Mi", "Largest request body that is held in full-duplex mode; larger ones get a 413") { Section = Stream },
        new("max-json-depth", FlagKind.Integer, "256", "How deeply objects and arrays of a request body may nest; deeper ones get a 400") { Section = Stream },
        new("decision-timeout", FlagKind.Duration, "400ms", "Budget of one decision; then a fallback pick is made") { Section = Stream },
        new("emit-endpoint-scores", FlagKind.Boolean, "false", "Add the endpoints' scores to the dynamic metadata") { Section = Stream },
        new("compatibility", FlagKind.Text, "none", "reference: statuses, texts and header echo of the reference picker") { Section = Stream },

        new("refresh-metrics-interval", FlagKind.Duration, "50ms", "How often each model server is scraped, at least 50ms apart") { Section = Signals },
        new("refresh-prometheus-metrics-interval", FlagKind.Duration, "5s", "Accepted; the pool's gauges are computed whenever they are collected")
        {
            Section = Signals,
            Ignored = "the pool's gauges are computed whenever they are collected",
        },
        new("metrics-staleness-threshold", FlagKind.Duration, "2s", "Age from which a model server's signals count as absent") { Section = Signals },
        new("total-queued-requests-metric", FlagKind.Text, "", "Removed") { Section = Signals, Removed = UseEngineConfigs },
        new("total-running-requests-metric", FlagKind.Text, "", "Removed") { Section = Signals, Removed = UseEngineConfigs },
        new("kv-cache-usage-percentage-metric", FlagKind.Text, "", "Removed") { Section = Signals, Removed = UseEngineConfigs },
        new("lora-info-metric", FlagKind.Text, "", "Removed") { Section = Signals, Removed = UseEngineConfigs },
        new("cache-info-metric", FlagKind.Text, "", "Removed") { Section = Signals, Removed = UseEngineConfigs },
        new("model-server-metrics-port", FlagKind.Integer, "0", "Deprecated: port of the model servers' metrics, where it is not the one that serves") { Section = Signals },
        new("model-server-metrics-path", FlagKind.Text, "/metrics", "Deprecated: path of the model servers' metrics") { Section = Signals },
        new("model-server-metrics-scheme", FlagKind.Text, "http", "Deprecated: http or https for the model servers' metrics") { Section = Signals },
        new("model-server-metrics-https-insecure-skip-verify", FlagKind.Boolean, "true", "Deprecated: with https, take any certificate of a model server")
        {
            Section = Signals,
        },

        new("config-file", FlagKind.Text, "", "EndpointPickerConfig, YAML or JSON") { Section = Configuration },
        new("config-text", FlagKind.Text, "", "EndpointPickerConfig as text") { Section = Configuration },
        new("allow-experimental-plugins", FlagKind.Boolean, "false", "Permit plugins of stability Alpha") { Section = Configuration },

        new("v", FlagKind.Integer, "2", "Verbosity: up to 3 info, 4 debug, 5 trace") { Section = Diagnostics },
        new("zap-log-level", FlagKind.Text, "", "Overrides -v: debug, info, error, panic or a positive number") { Section = Diagnostics },
        new("zap-devel", FlagKind.Boolean, "true", "Accepted") { Section = Diagnostics, Ignored = ZapHasNoEffect },
        new("zap-encoder", FlagKind.Text, "json", "Accepted") { Section = Diagnostics, Ignored = ZapHasNoEffect },
        new("zap-stacktrace-level", FlagKind.Text, "", "Accepted") { Section = Diagnostics, Ignored = ZapHasNoEffect },
        new("zap-time-encoding", FlagKind.Text, "", "Accepted") { Section = Diagnostics, Ignored = ZapHasNoEffect },
        new("tracing", FlagKind.Boolean, "true", "Export spans where OTEL_TRACES_EXPORTER or an OTEL_EXPORTER_OTLP_ENDPOINT says where to; false for never") { Section = Diagnostics },
        new("probe", FlagKind.Text, "", "Ask the picker whose health port is at this ip:port whether it serves, and end with 0 if it does and 1 if not")
        {
            Section = Diagnostics,
        },
        new("enable-pprof", FlagKind.Boolean, "true", "Accepted; use dotnet-counters and dotnet-trace") { Section = Diagnostics, Ignored = "use dotnet-counters and dotnet-trace", Fixed = "false" },
    ];
}

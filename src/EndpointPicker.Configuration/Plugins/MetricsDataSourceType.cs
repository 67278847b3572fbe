using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.DataLayer;
using EndpointPicker.Configuration.Schemas;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class MetricsDataSourceType : OptionsPluginType<MetricsSourceOptions>
{
    private static readonly TimeSpan LeastInterval = TimeSpan.FromMilliseconds(50);

    private static readonly TextField Scheme = new("scheme", "http", "How the metrics page is fetched.") { Allowed = ["http", "https"] };
    private static readonly TextField Path = new("path", "/metrics", "The path of the metrics page.");

    private static readonly IntegerField Port = new("port", 0, "The port of the metrics page, on every endpoint alike.")
    {
        Min = 0,
        Max = 65535,
        DefaultMeaning = "the endpoint's port",
    };

    private static readonly SwitchField SkipVerify = new("insecureSkipVerify", true, "Whether any server certificate is taken; https only.");
    private static readonly TextField CaCert = new("caCertPath", "", "A PEM file of the authorities that sign server certificates.");
    private static readonly TextField ClientCert = new("clientCertPath", "", "A PEM file with a client certificate.");
    private static readonly TextField ClientKey = new("clientKeyPath", "", "A PEM file with the client certificate's key.");

    private static readonly DurationField Interval = new(
        "interval", null, "How often an endpoint is scraped; --refresh-metrics-interval where absent.")
    { Positive = true };

    public override string Name => "metrics-data-source";

    public override string Summary => "Scrapes the metrics pages of the model servers. It is added unless dataLayer.injectDefaults is false.";

    public override PluginRoles Roles => PluginRoles.DataSource;

    public override Schema Parameters { get; } = new(Scheme, Path, Port, SkipVerify, CaCert, ClientCert, ClientKey, Interval);

    public override void Check(FieldValues values, DiagnosticReport report)
    {
        if (values.Get(ClientCert).Length > 0 != values.Get(ClientKey).Length > 0)
        {
            report.Error(
                values.At(values.Has(ClientCert) ? ClientCert : ClientKey),
                "a client certificate needs both clientCertPath and clientKeyPath",
                "give both, or none");
        }

        if (values.Get(Scheme) == "http" && (values.Get(CaCert).Length > 0 || values.Get(ClientCert).Length > 0))
        {
            report.Warning(values.At(Scheme), "certificates have no effect with scheme http", "write 'scheme: https'");
        }

        if (values.Get(Interval) < LeastInterval)
        {
            report.Warning(values.At(Interval), "endpoints are scraped every 50ms at most", "write 50ms or more");
        }
    }

    public override MetricsSourceOptions Read(FieldValues values) => new()
    {
        Scheme = values.Get(Scheme),
        Path = values.Get(Path) is ['/', ..] rooted ? rooted : "/" + values.Get(Path),
        Port = values.Get(Port) == 0 ? null : values.Get(Port),
        InsecureSkipVerify = values.Get(SkipVerify),
        CaCertPath = values.Get(CaCert),
        ClientCertPath = values.Get(ClientCert),
        ClientKeyPath = values.Get(ClientKey),
        Interval = values.Get(Interval) is { } interval && interval < LeastInterval ? LeastInterval : values.Get(Interval),
    };
}

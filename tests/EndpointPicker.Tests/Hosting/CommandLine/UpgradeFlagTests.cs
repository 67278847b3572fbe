using EndpointPicker.Hosting.CommandLine;
using Testing;

namespace EndpointPicker.Tests.Hosting.CommandLine;

/// <summary>What docs/upgrade.md says of the reference's flags is what the table of flags does.</summary>
public sealed class UpgradeFlagTests
{
    // As the reference's current release has them, then the spellings of 0.3 and the flags of 1.0 that tutorials still pass.
    private static readonly string[] OfTheReference =
    [
        "--grpc-port", "--grpc-health-port", "--metrics-port", "--pool-name", "--pool-namespace", "--pool-group", "--endpoint-selector", "--endpoint-target-ports",
        "--disable-endpoint-subset-filter", "--emit-endpoint-scores", "--ha-enable-leader-election", "--drain-timeout", "--grpc-max-recv-msg-size",
        "--grpc-max-send-msg-size", "--refresh-metrics-interval", "--refresh-prometheus-metrics-interval", "--metrics-staleness-threshold",
        "--total-queued-requests-metric", "--total-running-requests-metric", "--kv-cache-usage-percentage-metric", "--lora-info-metric", "--cache-info-metric",
        "-v", "--zap-log-level", "--zap-devel", "--zap-encoder", "--zap-stacktrace-level", "--zap-time-encoding", "--tracing", "--health-checking", "--enable-pprof",
        "--secure-serving", "--cert-path", "--enable-cert-reload", "--tls-min-version", "--tls-cipher-suites", "--enable-grpc-stream-metrics",
        "--metrics-endpoint-auth", "--metrics-cert-dir", "--metrics-client-ca-file", "--config-file", "--config-text", "--allow-experimental-plugins",
        "--poolName", "--poolNamespace", "--grpcPort", "--grpcHealthPort",
        "--model-server-metrics-port", "--model-server-metrics-path", "--model-server-metrics-scheme", "--model-server-metrics-https-insecure-skip-verify",
    ];

    private static readonly IReadOnlyList<(string Name, string Word)> Rows = DocumentTable.Read("upgrade.md", "Flags");

    [Fact]
    public void Table_HasEveryFlagOfTheReferenceOnce() => Assert.Equal(OfTheReference.Order(StringComparer.Ordinal), Rows.Select(row => row.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Word_IsWhatTheFlagDoes()
    {
        Assert.All(Rows, row =>
        {
            Flag flag = Assert.Single(FlagTable.All, flag => flag.Aliases.Prepend(flag.Name).Contains(row.Name.TrimStart('-')));
            Assert.Equal(flag.Removed is not null ? "refused" : flag.Ignored is not null ? "no effect" : "taken", row.Word is "same" or "better" ? "taken" : row.Word);
        });
    }

    [Theory]
    [InlineData("--lora-info-metric=x", "--lora-info-metric was removed: set it in engineConfigs of core-metrics-extractor in the configuration file")]
    public void Refused_SaysWhatToWriteInstead(string argument, string message) => Assert.Equal([message], FlagParser.Parse([argument]).Errors);
}

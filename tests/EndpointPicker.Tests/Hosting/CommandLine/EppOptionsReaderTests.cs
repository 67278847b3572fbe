using EndpointPicker.Configuration.DataLayer;
using EndpointPicker.Hosting.CommandLine;
using Microsoft.Extensions.Logging;
using Testing;

namespace EndpointPicker.Tests.Hosting.CommandLine;

public sealed class EppOptionsReaderTests
{
    [Fact]
    public void Read_ReferenceScript_TakesEveryFlag()
    {
        EppOptions options = Read(
            out FlagValues values,
            "--pool-name", "p", "--config-file", "c.yaml", "--grpc-port", "9102", "--grpc-health-port", "9103", "--metrics-port", "9190",
            "--secure-serving=false", "-v", "4", "--zap-encoder", "json", "--tracing=false", "--enable-pprof=false", "--metrics-endpoint-auth=false");
        Assert.Empty(values.Errors);
        Assert.Equal(("p", "c.yaml", 9102, 9103, 9190, false), (options.PoolName, options.ConfigFile, options.GrpcPort, options.HealthPort, options.MetricsPort, options.SecureServing));
        Assert.Equal(LogLevel.Debug, options.LogLevel);
    }

    [Fact]
    public void Read_NothingGiven_HasTheReferencesDefaults()
    {
        EppOptions options = Read(out FlagValues values);
        Assert.Empty(values.Errors);
        Assert.Equal((9002, 9003, 9090), (options.GrpcPort, options.HealthPort, options.MetricsPort));
        Assert.True(options.SecureServing);
        Assert.Equal(TimeSpan.FromSeconds(30), options.DrainTimeout);
        Assert.Equal(TimeSpan.FromMilliseconds(50), options.ScrapeInterval);
        Assert.Equal(TimeSpan.FromSeconds(2), options.StalenessThreshold);
        Assert.Equal(16 * 1024 * 1024, options.MaxReceiveMessageSize);
        Assert.Equal(LogLevel.Information, options.LogLevel);
    }

    [Theory]
    [InlineData("-poolName", "old")]
    [InlineData("--pool-name=old")]
    [InlineData("--poolName=old")]
    public void Read_OldAndNewSpellings_AreTheSameFlag(params string[] arguments)
    {
        Assert.Equal("old", Read(out _, arguments).PoolName);
    }

    [Theory]
    [InlineData("10MiB", 10 * 1024 * 1024)]
    [InlineData("25MB", 25_000_000)]
    [InlineData("16Mi", 16 * 1024 * 1024)]
    [InlineData("0", 16 * 1024 * 1024)]
    public void Read_MessageSize_DropsTheTrailingB(string text, int expected)
    {
        EppOptions options = Read(out FlagValues values, "--grpc-max-recv-msg-size", text);
        Assert.Empty(values.Errors);
        Assert.Equal(expected, options.MaxReceiveMessageSize);
    }

    [Fact]
    public void Read_Endpoints_TakesListsRepeatsAndIpv6()
    {
        EppOptions options = Read(out _, "--endpoint", "10.0.0.7:8000,10.0.0.8:8000", "--endpoint=[2001:db8::7]:8001");
        Assert.Equal(
            ["10.0.0.7:8000", "10.0.0.8:8000", "[2001:db8::7]:8001"],
            options.Endpoints);
    }

    [Fact]
    public void Read_IntervalBelowTheFloor_IsRaisedWithAWarning()
    {
        EppOptions options = Read(out FlagValues values, "--refresh-metrics-interval=10ms");
        Assert.Equal(TimeSpan.FromMilliseconds(50), options.ScrapeInterval);
        Assert.Contains(values.Warnings, warning => warning.Contains("raised to 50ms", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--pool-nam=x", "unknown flag: --pool-nam; did you mean --pool-name?")]
    [InlineData("--zzz=x", "unknown flag: --zzz; --help lists the flags")]
    [InlineData("--grpc-port=x", "--grpc-port=x: expected a whole number")]
    [InlineData("--grpc-port=70000", "expected a port")]
    [InlineData("--drain-timeout=soon", "expected a duration")]
    [InlineData("--max-json-depth=0", "--max-json-depth=0: expected a number above 0")]
    [InlineData("--secure-serving=maybe", "expected true or false")]
    [InlineData("--stream-lifetime=long", "expected one of auto, request, headers")]
    [InlineData("--lora-info-metric=x", "--lora-info-metric was removed: set it in engineConfigs")]
    [InlineData("--endpoint=server", "expected ip:port")]
    [InlineData("false", "unexpected argument \"false\"")]
    [InlineData("--config-file", "flag needs a value")]
    [InlineData("--pool-config=canary", "--pool-config=canary: expected two texts with an equals sign between them")]
    [InlineData("--pool-config=canary=c.yaml", "canary is no pool that --pool-name names")]
    [InlineData("--pool-route=httproute/default/chat=canary", "canary is no pool that --pool-name names")]
    public void Read_Mistake_SaysWhatAndWhatToDo(string argument, string expected)
    {
        _ = Read(out FlagValues values, argument);
        Assert.Contains(values.Errors, error => error.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--metrics-client-ca-file needs --metrics-cert-dir", "--metrics-client-ca-file=ca.pem")]
    [InlineData("needs --metrics-client-ca-file", "--metrics-cert-dir=tls", "--metrics-endpoint-auth=false")]
    [InlineData(null, "--metrics-cert-dir=tls", "--metrics-endpoint-auth=false", "--metrics-client-ca-file=ca.pem")]
    [InlineData(null, "--metrics-cert-dir=tls")]
    public void Read_TlsOfTheMetricsPort_MustKeepSomebodyOut(string? error, params string[] arguments)
    {
        _ = Read(out FlagValues values, arguments);
        Assert.Equal(error is null ? 0 : 1, values.Errors.Count);
        Assert.All(values.Errors, actual => Assert.Contains(error!, actual, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--pool-name=a", "--endpoint-selector=b=c")]
    [InlineData("--config-file=a", "--config-text=b")]
    public void Read_FlagsThatExcludeEachOther_AreRefused(string first, string second)
    {
        _ = Read(out FlagValues values, first, second);
        Assert.Contains(values.Errors, error => error.Contains("exclude each other", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_SeveralPools_KeepsTheirOrderRoutesAndConfigurations()
    {
        EppOptions options = Read(
            out FlagValues values,
            "--pool-name=a", "--pool-name=b,c", "--pool-route=httproute/default/chat/=b", "--pool-route=httproute/default/=c", "--pool-config=c=/config/c.yaml");

        Assert.Empty(values.Errors);
        Assert.Equal("a", options.PoolName);
        Assert.Equal(["a", "b", "c"], options.Pools);
        Assert.True(options.ServesSeveralPools);
        Assert.Equal([("httproute/default/chat/", "b"), ("httproute/default/", "c")], options.PoolRoutes.Select(route => (route.Prefix, route.Pool)));
        Assert.Equal("/config/c.yaml", Assert.Single(options.PoolConfigFiles, file => file.Key == "c").Value);
    }

    [Theory]
    [InlineData("--endpoint=10.0.0.7:8000", "--endpoint serves one pool")]
    [InlineData("--pool-config=a=x,a=y", "a has more than one configuration")]
    public void Read_SeveralPoolsThatCannotBe_SaysWhy(string argument, string expected)
    {
        _ = Read(out FlagValues values, "--pool-name=a,b", argument);
        Assert.Contains(expected, Assert.Single(values.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MetricsFlagsOfOlderReleases_StandOverTheConfigurationWithAWarning()
    {
        EppOptions options = Read(out FlagValues values, "--model-server-metrics-port=9100", "--model-server-metrics-scheme=https", "--model-server-metrics-https-insecure-skip-verify=false");

        Assert.Empty(values.Errors);
        Assert.Equal(3, values.Warnings.Count);
        Assert.Contains("--model-server-metrics-port is deprecated: set the parameter port of metrics-data-source in the configuration file", values.Warnings);
        MetricsSourceOptions configured = new() { Port = 8000, Path = "/own", CaCertPath = "ca.pem" };
        Assert.Equal(configured with { Port = 9100, Scheme = "https", InsecureSkipVerify = false }, options.MetricsSource.Over(configured));
        Assert.Equal(configured, Read(out _, "--pool-name=a").MetricsSource.Over(configured));
    }

    [Fact]
    public void Help_EveryFlagThatHasAMeaning_IsNamed()
    {
        Assert.All(
            FlagTable.All.Where(flag => flag.Removed is null),
            flag => Assert.Contains($"--{flag.Name} ", Usage.Text, StringComparison.Ordinal));
        Assert.True(FlagParser.Parse(["--help"]).HelpWanted);
    }

    [Theory]
    [InlineData("-v=2", LogLevel.Information)]
    [InlineData("-v=5", LogLevel.Trace)]
    [InlineData("-v=-1", LogLevel.Information)]
    [InlineData("--zap-log-level=debug", LogLevel.Debug)]
    [InlineData("--zap-log-level=error", LogLevel.Error)]
    public void Read_Verbosity_IsTheReferencesLevel(string argument, LogLevel expected)
    {
        Assert.Equal(expected, Read(out _, argument).LogLevel);
    }

    [Theory]
    [InlineData("--refresh-prometheus-metrics-interval=1s", "computed whenever they are collected")]
    [InlineData("--grpc-max-send-msg-size=1Mi", "never larger than what was received")]
    [InlineData("--health-checking=true", "always served")]
    [InlineData("--ha-ready-on-every-replica=true", "without an election every replica is ready")]
    [InlineData("--zap-encoder=console", "always JSON lines")]
    public void Read_FlagWithoutEffect_SaysSoAndWhy(string argument, string reason)
    {
        _ = Read(out FlagValues values, argument);
        Assert.Empty(values.Errors);
        Assert.Contains(reason, Assert.Single(values.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(256, null)]
    [InlineData(257, "--pool-route: the prefix for b has 514 bytes, and of a route's name 512 are read: give a shorter prefix")]
    public void Read_PoolRoute_TakesPrefixesAsLongAsWhatIsReadOfARoutesName(int letters, string? error)
    {
        // Each letter has two bytes.
        _ = Read(out FlagValues values, "--pool-name=a,b", $"--pool-route={new string('é', letters)}=b");
        Assert.Equal(error is null ? [] : [error], values.Errors);
    }

    [Theory]
    [InlineData("--pool-group=inference.networking.k8s.io")]
    [InlineData("--refresh-prometheus-metrics-interval=5s")]
    [InlineData("--health-checking=false")]
    [InlineData("--zap-encoder=json")]
    [InlineData("--tracing=true")]
    [InlineData("--tracing=false")]
    [InlineData("--enable-pprof=false")]
    [InlineData("--metrics-endpoint-auth=false")]
    [InlineData("--metrics-endpoint-auth=true")]
    [InlineData("--ha-enable-leader-election=true")]
    [InlineData("--ha-enable-leader-election=false")]
    public void Read_FlagThatAsksForWhatHappensAnyhow_GivesNoWarning(string argument)
    {
        _ = Read(out FlagValues values, argument);
        Assert.Empty(values.Errors);
        Assert.Empty(values.Warnings);
    }

    [Fact]
    public void Table_EveryFlag_IsReadOrSaysThatItIsNot()
    {
        string folder = Path.Combine(RepositoryRoot.Path, "src", "EndpointPicker", "Hosting", "CommandLine");
        string reader = string.Concat("EppOptionsReader ClusterOptionsReader MetricsSourceFlags".Split(' ').Select(name => File.ReadAllText(Path.Combine(folder, name + ".cs"))));
        Assert.All(
            FlagTable.All.Where(flag => flag.Removed is null && flag.Ignored is null),
            flag => Assert.Contains($"(\"{flag.Name}\"", reader, StringComparison.Ordinal));
    }

    private static EppOptions Read(out FlagValues values, params string[] arguments)
    {
        values = FlagParser.Parse(arguments);
        return EppOptionsReader.Read(values);
    }
}

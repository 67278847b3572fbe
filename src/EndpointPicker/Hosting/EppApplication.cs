using EndpointPicker.Configuration;
using EndpointPicker.Configuration.Loading;
using EndpointPicker.Hosting.CommandLine;
using EndpointPicker.Hosting.Lifetime;
using EndpointPicker.Hosting.Logging;
using EndpointPicker.Hosting.Metrics;
using EndpointPicker.Hosting.Serving;
using EndpointPicker.Hosting.Tls;
using EndpointPicker.Hosting.Tracing;

namespace EndpointPicker.Hosting;

/// <summary>The process from its arguments to its exit code: 0 after a drain, 1 for a bad configuration and for a probe in vain, 2 for bad flags.</summary>
internal static partial class EppApplication
{
    private const int BadConfiguration = 1;
    private const int BadFlags = 2;
    private const int NotServing = 1;

    // Below the timeouts that orchestrators give a probe by default.
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(string[] arguments)
    {
        FlagValues flags = FlagParser.Parse(arguments);
        if (flags.HelpWanted)
        {
            await Console.Out.WriteAsync(Usage.Text);
            return 0;
        }

        EppOptions options = EppOptionsReader.Read(flags, Environment.GetEnvironmentVariable);
        if (flags.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync(string.Join('\n', flags.Errors.Select(error => $"epp: {error}")));
            return BadFlags;
        }

        if (options.Probe.Length > 0)
        {
            string? fault = await new HealthProbe(options.Probe, ProbeTimeout).AskAsync();
            await Console.Error.WriteAsync(fault is null ? "" : $"epp: {fault}\n");
            return fault is null ? 0 : NotServing;
        }

        using JsonLinesProvider lines = new(Console.OpenStandardError(), options.LogLevel, TimeProvider.System);
        ILogger logger = lines.CreateLogger("EndpointPicker.Hosting");
        string given = string.Join(' ', flags.Given.Select(flag => $"--{flag.Key}={flag.Value}"));
        Log.Starting(logger, BuildVersion.Version, BuildVersion.Commit, given.Length > 0 ? given : "no flags");
        foreach (string warning in flags.Warnings)
        {
            Log.FlagWarning(logger, warning);
        }

        PoolConfigurations? configurations = LoadConfigurations(options, logger);
        if (configurations is null || Plan(options, configurations, logger) is not { } plan)
        {
            return BadConfiguration;
        }

        foreach (EndpointPickerConfiguration configuration in configurations.Own.Values.Prepend(configurations.Shared))
        {
            Log.InForce(logger, configuration.Summary, options.Endpoints.Count, options.Tracing);
            Log.Configured(logger, configuration.EffectiveText);
        }

        GiveHome();
        using StopRequests stop = new(Environment.Exit);
        await using PickerHost? host = Build(plan, configurations, lines, logger);
        return host is not null && await host.RunAsync(stop.First) ? 0 : BadConfiguration;
    }

    // The platform looks for certificates below the user's home even where it needs none, and gives up where there is no home: a container's user
    // often has neither the variable nor an entry in /etc/passwd.
    private static void GiveHome()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("HOME")))
        {
            Environment.SetEnvironmentVariable("HOME", "/");
        }
    }

    private static PickerHost? Build(DiscoveryPlan plan, PoolConfigurations configurations, JsonLinesProvider lines, ILogger logger)
    {
        try
        {
            return new PickerHost(plan, configurations, lines);
        }
        catch (CertificateFileException e)
        {
            Log.Refused(logger, e.Message);
            return null;
        }
    }

    private static PoolConfigurations? LoadConfigurations(EppOptions options, ILogger logger)
    {
        LoadSettings settings = new() { AllowExperimentalPlugins = options.AllowExperimentalPlugins };
        EndpointPickerConfiguration? shared = Told(LoadShared(options, settings), logger);
        Dictionary<string, EndpointPickerConfiguration> own = [];
        foreach ((string pool, string file) in options.PoolConfigFiles)
        {
            if (Told(ConfigurationLoader.LoadFile(file, settings), logger) is { } loaded)
            {
                own[pool] = loaded;
            }
        }

        return shared is null || own.Count < options.PoolConfigFiles.Count ? null : new PoolConfigurations(shared, own);
    }

    private static ConfigurationOutcome LoadShared(EppOptions options, LoadSettings settings) => options.ConfigFile is { } file ? ConfigurationLoader.LoadFile(file, settings)
            : options.ConfigText is { } text ? ConfigurationLoader.LoadText(text, settings)
            : ConfigurationLoader.LoadDefault(settings);

    private static EndpointPickerConfiguration? Told(ConfigurationOutcome outcome, ILogger logger)
    {
        foreach (ConfigurationDiagnostic diagnostic in outcome.Diagnostics)
        {
            if (diagnostic.Severity == DiagnosticSeverity.Error)
            {
                Log.ConfigurationError(logger, diagnostic);
            }
            else
            {
                Log.ConfigurationWarning(logger, diagnostic);
            }
        }

        return outcome.Configuration;
    }

    private static DiscoveryPlan? Plan(EppOptions options, PoolConfigurations configurations, ILogger logger)
    {
        try
        {
            DiscoveryPlan plan = DiscoveryPlan.Make(options, configurations, Environment.GetEnvironmentVariable);
            foreach (string idle in plan.FollowsCluster ? [] : options.Cluster.Given)
            {
                Log.FlagWarning(logger, $"--{idle} has no effect: the model servers come from --endpoint or from file-discovery");
            }

            if (plan.Api is null && options.MetricsAuthAsked)
            {
                Log.FlagWarning(logger, "--metrics-endpoint-auth=true has no effect: there is no Kubernetes API server to ask about callers, so that metrics are for everybody, and pages beyond them for loopback");
            }

            return plan;
        }
        catch (DiscoveryException e)
        {
            Log.Refused(logger, e.Message);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Starting epp {Version} ({Commit}) with {Flags}", EventName = nameof(Starting))]
        public static partial void Starting(ILogger logger, string version, string commit, string flags);

        [LoggerMessage(2, LogLevel.Warning, "{Warning}", EventName = nameof(FlagWarning))]
        public static partial void FlagWarning(ILogger logger, string warning);

        [LoggerMessage(3, LogLevel.Error, "{Diagnostic}", EventName = nameof(ConfigurationError))]
        public static partial void ConfigurationError(ILogger logger, ConfigurationDiagnostic diagnostic);

        [LoggerMessage(4, LogLevel.Warning, "{Diagnostic}", EventName = nameof(ConfigurationWarning))]
        public static partial void ConfigurationWarning(ILogger logger, ConfigurationDiagnostic diagnostic);

        [LoggerMessage(5, LogLevel.Error, "{Reason}", EventName = nameof(Refused))]
        public static partial void Refused(ILogger logger, string reason);

        [LoggerMessage(6, LogLevel.Information, "The configuration in force:\n{Configuration}", EventName = nameof(Configured))]
        public static partial void Configured(ILogger logger, string configuration);

        [LoggerMessage(
            7, LogLevel.Information, "Configured {Configuration}; {Endpoints} endpoints on the command line; traces: {Tracing}", EventName = nameof(InForce))]
        public static partial void InForce(ILogger logger, string configuration, int endpoints, TracingOptions tracing);
    }
}

using EndpointPicker.Hosting.CommandLine;
using EndpointPicker.Hosting.Tracing;

namespace EndpointPicker.Tests.Hosting.Tracing;

public sealed class TracingOptionsReaderTests
{
    private readonly Dictionary<string, string> _environment = [];
    private readonly List<string> _warnings = [];

    [Theory]
    [InlineData("", false, false)]
    [InlineData("OTEL_TRACES_EXPORTER=", false, false)]
    [InlineData("OTEL_TRACES_EXPORTER=none", false, false)]
    [InlineData("OTEL_TRACES_EXPORTER=otlp", true, false)]
    [InlineData("OTEL_TRACES_EXPORTER=console", false, true)]
    [InlineData("OTEL_TRACES_EXPORTER=otlp, console", true, true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4317", true, false)]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=https://c:4317", true, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4317;OTEL_TRACES_EXPORTER=none", false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4317;OTEL_TRACES_EXPORTER=console", false, true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4317;OTEL_SDK_DISABLED=true", false, false)]
    public void Read_Exporters_GoWhereTheEnvironmentSays(string variables, bool otlp, bool log)
    {
        TracingOptions options = Read(variables);
        Assert.Equal((otlp, log), (options.Otlp, options.Log));
        Assert.Equal(otlp || log, options.IsOn);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Read_EndpointWithPassword_IsToldWithoutIt()
    {
        TracingOptions options = Read("OTEL_EXPORTER_OTLP_ENDPOINT=https://me:secret@collector:4317/v1");
        Assert.Equal("OTLP to https://collector:4317, a share of 0.1 where the caller does not say", options.ToString());
        Assert.Equal("off", TracingOptions.Off.ToString());
    }

    [Theory]
    [InlineData("", 0.1)]
    [InlineData("OTEL_TRACES_SAMPLER_ARG=0.25", 0.25)]
    [InlineData("OTEL_TRACES_SAMPLER_ARG=7", 1)]
    [InlineData("OTEL_TRACES_SAMPLER_ARG=-1", 0)]
    [InlineData("OTEL_TRACES_SAMPLER=parentbased_traceidratio;OTEL_TRACES_SAMPLER_ARG=1", 1)]
    public void Read_Share_IsOfTheEnvironment(string variables, double ratio)
    {
        Assert.Equal(ratio, Read(variables).Ratio);
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData("OTEL_TRACES_EXPORTER=zipkin", "zipkin is not known")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=collector:4317", "no http:// or https:// address")]
    [InlineData("OTEL_TRACES_SAMPLER=always_on", "always_on is not known")]
    [InlineData("OTEL_TRACES_SAMPLER_ARG=half", "half is no number")]
    public void Read_Unknown_WarnsAndStandsIn(string variables, string expected)
    {
        TracingOptions options = Read(variables);
        Assert.Contains(expected, Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.False(options.IsOn);
        Assert.Equal(0.1, options.Ratio);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public void Read_Flag_SwitchesAllOfItOff(string flag, bool on)
    {
        FlagValues values = FlagParser.Parse([$"--tracing={flag}"]);
        EppOptions options = EppOptionsReader.Read(values, name => name == "OTEL_TRACES_EXPORTER" ? "otlp" : null);
        Assert.Equal(on, options.Tracing.IsOn);
        Assert.Empty(values.Warnings);
    }

    private TracingOptions Read(string variables)
    {
        foreach (string variable in variables.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = variable.Split('=', 2);
            _environment[parts[0]] = parts[1];
        }

        return TracingOptionsReader.Read(_environment.GetValueOrDefault, _warnings);
    }
}

using System.Text.RegularExpressions;
using Testing;

namespace FunctionalTests.Harness;

/// <summary>The bootstraps that users are given, with the one line that a test varies.</summary>
internal static partial class Bootstraps
{
    public static string OverrideHost { get; } = Read("override-host.yaml");

    public static string OriginalDst { get; } = Read("original-dst.yaml");

    /// <summary>Replaces the processing mode of a bootstrap.</summary>
    public static string WithMode(this string bootstrap, string requestBody, string responseBody = "NONE", string responseHeaders = "SEND") =>
        ProcessingMode().Replace(
            bootstrap,
            "${indent}processing_mode: { request_header_mode: SEND, response_header_mode: " + responseHeaders + ", request_body_mode: " + requestBody
                + ", response_body_mode: " + responseBody + ", request_trailer_mode: SEND, response_trailer_mode: " + (responseBody == "NONE" ? "SKIP" : "SEND") + " }");

    /// <summary>Lets requests pass when the picker is down.</summary>
    public static string FailOpen(this string bootstrap) =>
        bootstrap.Replace("failure_mode_allow: false", "failure_mode_allow: true", StringComparison.Ordinal);

    /// <summary>Lets a client's own destination header reach the picker.</summary>
    public static string WithoutStripping(this string bootstrap) =>
        bootstrap.Replace("[{ remove: x-gateway-destination-endpoint }]", "[{ remove: x-unused }]", StringComparison.Ordinal);

    /// <summary>Checks the picker's health often, so that a test need not wait.</summary>
    public static string WithQuickHealthChecks(this string bootstrap) =>
        bootstrap.Replace("interval: 2s", "interval: 0.1s", StringComparison.Ordinal);

    /// <summary>Takes the route's retry policy away.</summary>
    public static string WithoutRetries(this string bootstrap) => RetryPolicy().Replace(bootstrap, "");

    /// <summary>Replaces every limit of one name in the model servers' cluster.</summary>
    public static string WithLimit(this string bootstrap, string limit, int value) =>
        Regex.Replace(bootstrap, $@"(\b{limit}: )100000\b", "${1}" + value);

    /// <summary>A bootstrap of the fixtures, as Envoy Gateway or another made it.</summary>
    public static string Fixture(params string[] parts) => File.ReadAllText(Fixtures.Require(["envoy", .. parts]));

    // The times of a bootstrap for people are for machines that are not shared by two dozen test processes.
    private static string Read(string name) => File.ReadAllText(Path.Combine(RepositoryRoot.Path, "deploy", "envoy", name))
        .Replace("connect_timeout: 0.25s", "connect_timeout: 20s", StringComparison.Ordinal)
        .Replace("connect_timeout: 1s", "connect_timeout: 20s", StringComparison.Ordinal)
        .Replace("message_timeout: 2s", "message_timeout: 60s", StringComparison.Ordinal)
        .Replace("- timeout: 1s", "- timeout: 20s", StringComparison.Ordinal)

        // An answer that comes before the whole request: Envoy gives the client this long to read it before it resets the connection.
        .Replace("stream_idle_timeout: 900s\n", "stream_idle_timeout: 900s\n          delayed_close_timeout: 60s\n", StringComparison.Ordinal);

    [GeneratedRegex(@"^ {18}retry_policy:\n(^ {20}.*\n)+", RegexOptions.Multiline)]
    private static partial Regex RetryPolicy();

    [GeneratedRegex(@"(?<indent> +)processing_mode: \{[^}]*\}")]
    private static partial Regex ProcessingMode();
}

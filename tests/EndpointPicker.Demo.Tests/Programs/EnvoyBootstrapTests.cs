using EndpointPicker.Demo.Programs;
using Testing;

namespace EndpointPicker.Demo.Tests.Programs;

public sealed class EnvoyBootstrapTests
{
    private static readonly string Original = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "deploy", "envoy", "override-host.yaml"));

    [Fact]
    public void Write_BothSides_DifferInTheFilterAndThePolicyAlone()
    {
        string text = EnvoyBootstrap.Write(Original, 7777, [1111, 2222], [3333, 4444]);

        string asking = Section(text, "  - name: ingress\n", "  - name: round_robin_ingress\n");
        string plain = Section(text, "  - name: round_robin_ingress\n", "  clusters:\n");
        Assert.Contains("envoy.filters.http.ext_proc", asking, StringComparison.Ordinal);
        Assert.DoesNotContain("ext_proc", plain, StringComparison.Ordinal);
        Assert.Contains("cluster: round_robin_pool", plain, StringComparison.Ordinal);
        Assert.Equal(
            Lines(asking, "  - name: ingress", "                  cluster: inference_pool"),
            Lines(plain, "  - name: round_robin_ingress", "                  cluster: round_robin_pool").Concat(Lines(ExtProcFilter(asking))).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Write_Clusters_HaveTheirOwnHostsAndPolicies()
    {
        string text = EnvoyBootstrap.Write(Original, 7777, [1111, 2222], [3333, 4444]);

        string picked = Section(text, "  - name: inference_pool\n", "  - name: round_robin_pool\n");
        string others = Section(text, "  - name: round_robin_pool\n", "  - name: epp\n");
        Assert.Equal(["1111", "2222"], Ports(picked));
        Assert.Equal(["3333", "4444"], Ports(others));
        Assert.Contains("override_host", picked, StringComparison.Ordinal);
        Assert.DoesNotContain("override_host", others, StringComparison.Ordinal);
        Assert.Contains("    lb_policy: ROUND_ROBIN\n", others, StringComparison.Ordinal);
        Assert.Equal(["7777"], Ports(text[text.IndexOf("  - name: epp\n", StringComparison.Ordinal)..]));
        Assert.Equal(3, text.Split("port_value: 0 ").Length - 1);
    }

    [Fact]
    public void Write_OtherFile_IsRefused() =>
        Assert.Contains(
            "port_value: 9901",
            Assert.Throws<StartFailedException>(() => EnvoyBootstrap.Write("static_resources: {}", 1, [1], [2])).Message,
            StringComparison.Ordinal);

    private static string ExtProcFilter(string listener) => Section(listener, "          - name: envoy.filters.http.ext_proc\n", "          - name: envoy.filters.http.router\n");

    private static string Section(string text, string from, string to)
    {
        int start = text.IndexOf(from, StringComparison.Ordinal);
        return text[start..text.IndexOf(to, start, StringComparison.Ordinal)];
    }

    private static IEnumerable<string> Lines(string text, params string[] except) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !except.Contains(line)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Ports(string text) => text.Split("port_value: ").Skip(1).Select(rest => rest[..rest.IndexOf(' ', StringComparison.Ordinal)]);
}

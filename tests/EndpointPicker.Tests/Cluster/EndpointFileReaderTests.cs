using System.Globalization;
using EndpointPicker.Cluster;
using EndpointPicker.Configuration;

namespace EndpointPicker.Tests.Cluster;

public sealed class EndpointFileReaderTests
{
    [Fact]
    public void Read_FileOfTheReference_HasEveryField()
    {
        EndpointEntry entry = Assert.Single(Read(
            """
            endpoints:
            - name: vllm-0
              namespace: models
              address: 10.0.0.7
              port: "8000"
              labels:
                llm-d.ai/role: decode
                number: 5
            """));
        Assert.Equal(("models", "vllm-0", "10.0.0.7", 8000), (entry.Namespace, entry.Name, entry.Host.Address!.ToString(), entry.Port));
        Assert.Equal("decode", entry.Labels["llm-d.ai/role"]);
        Assert.Equal("5", entry.Labels["number"]);
    }

    [Fact]
    public void Read_Json_Works() => Assert.Equal(
        8000, Assert.Single(Read("""{"endpoints": [{"address": "10.0.0.7", "port": "8000"}]}""")).Port);

    [Fact]
    public void Read_WithoutNameAndNamespace_TakesAddressAndDefault()
    {
        EndpointEntry entry = Assert.Single(Read("endpoints: [{address: 10.0.0.7, port: 8000}]"));
        Assert.Equal(("default", "10.0.0.7:8000"), (entry.Namespace, entry.Name));
    }

    [Theory]
    [InlineData("fd00::7", "fd00::7")]
    [InlineData("'[fd00::7]'", "fd00::7")]
    [InlineData("::ffff:10.0.0.7", "10.0.0.7")]
    public void Read_Ipv6Literal_IsAnAddress(string written, string address) =>
        Assert.Equal(address, Assert.Single(Read($"endpoints: [{{address: \"{written.Trim('\'')}\", port: 80}}]")).Host.Address!.ToString());

    [Fact]
    public void Read_HostName_IsKeptAsName()
    {
        EndpointEntry entry = Assert.Single(Read("endpoints: [{name: m, address: model-1.example, port: 80}]"));
        Assert.Null(entry.Host.Address);
        Assert.Equal("model-1.example", entry.Host.Text);
    }

    [Theory]
    [InlineData("endpoints:\n- {name: a, address: 10.1, port: 80}", "2:22: error: '10.1' is neither an IP address nor a host name; write for example 10.0.0.7, fd00::7 or model-1.example")]
    [InlineData("endpoints:\n- {name: a, address: 10.0.0.256, port: 80}", "2:22: error: '10.0.0.256' is neither an IP address nor a host name; write for example 10.0.0.7, fd00::7 or model-1.example")]
    [InlineData("endpoints:\n- {name: a, address: a b, port: 80}", "2:22: error: 'a b' is neither an IP address nor a host name; write for example 10.0.0.7, fd00::7 or model-1.example")]
    [InlineData("endpoints:\n- {name: a, address: 10.0.0.1, port: 0}", "2:38: error: '0' is no port; write a number from 1 to 65535")]
    [InlineData("endpoints:\n- {name: a, address: 10.0.0.1, port: '65536'}", "2:38: error: '65536' is no port; write a number from 1 to 65535")]
    [InlineData("endpoints:\n- {name: a, address: 10.0.0.1}", "2:3: error: endpoints[0] lacks 'port'; add 'port' (text): 1 to 65535.")]
    [InlineData("endpoints:\n- {name: a, port: 1}", "2:3: error: endpoints[0] lacks 'address'; add 'address' (text): An IPv4 or IPv6 address, or a host name.")]
    [InlineData("endpoints: {a: b}", "1:12: error: endpoints must be a list, not an object; write '- ' before each endpoint")]
    [InlineData("", "1:1: error: the file is empty; write 'endpoints: []' if there shall be none")]
    [InlineData("a: b", "1:1: warning: unknown field 'a' in the configuration is ignored; known are: endpoints", "1:1: error: the configuration lacks 'endpoints'; add 'endpoints' (list): The endpoints.")]
    public void Read_WrongFile_TellsWhere(string text, params string[] findings)
    {
        DiagnosticReport report = new("e.yaml");
        EndpointFileReader.Read(text, report);
        Assert.Equal(findings.Select(finding => "e.yaml:" + finding), report.Sorted().Select(finding => finding.ToString()));
    }

    [Fact]
    public void Read_TwoOfOneName_NamesTheFirst()
    {
        DiagnosticReport report = new("e.yaml");
        EndpointFileReader.Read("endpoints:\n- {name: a, address: 10.0.0.1, port: 1}\n- {name: a, address: 10.0.0.2, port: 1}\n- {name: a, namespace: b, address: 10.0.0.3, port: 1}", report);
        Assert.Equal(
            "e.yaml:3:10: error: two endpoints are called 'default/a'; give one of them another name; the first is in line 2",
            Assert.Single(report.Sorted()).ToString());
    }

    [Fact]
    public void Read_UnknownFieldOrSamePlaceTwice_Warns()
    {
        DiagnosticReport report = new("e.yaml");
        IReadOnlyList<EndpointEntry> entries = EndpointFileReader.Read(
            "endpoints:\n- {name: a, address: 10.0.0.1, port: 1, label: x}\n- {name: b, address: 10.0.0.1, port: 1}", report);
        Assert.Equal(2, entries.Count);
        Assert.Equal(
            [
                "e.yaml:2:41: warning: unknown field 'label' in endpoints[0] is ignored; did you mean 'labels'?",
                "e.yaml:3:22: warning: 'b' is at the same address and port as 'a'; remove one of them, or it gets twice its share",
            ],
            report.Sorted().Select(finding => finding.ToString()));
    }

    [Fact]
    public void Read_AnyDamageToAText_NeverThrows()
    {
        const string Text = "endpoints:\n- name: a\n  address: 10.0.0.1\n  port: \"8000\"\n  labels: {a: b}\n- {address: 'fd00::1', port: 80}\n";
        Random random = new(7);
        for (int round = 0; round < 2000; round++)
        {
            char[] damaged = Text.ToCharArray();
            for (int hits = random.Next(1, 5); hits > 0; hits--)
            {
                damaged[random.Next(damaged.Length)] = (char)random.Next(0, 128);
            }

            EndpointFileReader.Read(new string(damaged), new DiagnosticReport(round.ToString(CultureInfo.InvariantCulture)));
        }
    }

    private static IReadOnlyList<EndpointEntry> Read(string text)
    {
        DiagnosticReport report = new("e.yaml");
        IReadOnlyList<EndpointEntry> entries = EndpointFileReader.Read(text, report);
        Assert.Empty(report.Sorted());
        return entries;
    }
}

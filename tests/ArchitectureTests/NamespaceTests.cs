using System.Text.RegularExpressions;
using ArchitectureTests.Source;

namespace ArchitectureTests;

/// <summary>The arrows between folders, which the compiler does not guard.</summary>
public sealed partial class NamespaceTests
{
    private static readonly IReadOnlyList<SourceFile> CoreFiles = SourceTree.Read("src/EndpointPicker.Core");
    private static readonly IReadOnlyList<SourceFile> ConfigurationFiles = SourceTree.Read("src/EndpointPicker.Configuration");
    private static readonly IReadOnlyList<SourceFile> ProcessFiles = SourceTree.Read("src/EndpointPicker");
    private static readonly IReadOnlyList<SourceFile> SimulatorFiles = SourceTree.Read("src/ModelServerSimulator");

    private static readonly Dictionary<string, string[]> CoreAreas = new()
    {
        ["Endpoints"] = [],
        ["Requests"] = [],
        ["PrefixCache"] = ["Endpoints", "Requests"],
        ["Scheduling"] = ["Endpoints", "Requests", "PrefixCache"],
        ["FlowControl"] = ["Endpoints", "Requests"],
        ["RequestControl"] = ["Endpoints", "Requests", "PrefixCache", "Scheduling", "FlowControl"],
    };

    private static readonly Dictionary<string, string[]> ProcessAreas = new()
    {
        [""] = ["Hosting"],
        ["Hosting"] = ["ExtProc", "Grpc", "DataLayer", "Cluster", "Board"],
        ["ExtProc"] = ["Grpc"],
        ["Grpc"] = [],
        ["DataLayer"] = [],
        ["Cluster"] = [],
        ["Board"] = [],
    };

    [Fact]
    public void Core_EveryArrow_IsAllowed() =>
        Rule.Holds(NamespaceRules.Areas(new NamespaceGraph(CoreFiles), "EndpointPicker.Core", CoreAreas));

    [Fact]
    public void Graph_OfTheCheckout_IsNotEmpty()
    {
        Assert.Contains(new NamespaceGraph(CoreFiles).Arrows, arrow => arrow is { From: "EndpointPicker.Core.Scheduling.Scorers", To: "EndpointPicker.Core.Scheduling" });
        Assert.Contains(new NamespaceGraph(ProcessFiles).Arrows, arrow => arrow is { From: "EndpointPicker.ExtProc", To: "EndpointPicker.Grpc" });
    }

    [Fact]
    public void Process_EveryArrow_IsAllowed() =>
        Rule.Holds(NamespaceRules.Areas(new NamespaceGraph(ProcessFiles), "EndpointPicker", ProcessAreas));

    [Fact]
    public void Namespaces_OfEachProject_HaveNoCycle() =>
        Rule.Holds(new[] { CoreFiles, ConfigurationFiles, ProcessFiles, SimulatorFiles }.SelectMany(files => new NamespaceGraph(files).Cycles()));

    [Fact]
    public void Contracts_NeverUse_TheirImplementations()
    {
        Rule.Holds(NamespaceRules.Contracts(new NamespaceGraph(CoreFiles)));

        // The composition root wires its own parts; that they do not lean on it in return is the rule of no cycles.
        Rule.Holds(NamespaceRules.Contracts(new NamespaceGraph(ProcessFiles), "EndpointPicker.Hosting"));
    }

    [Fact]
    public void CoreAndConfiguration_OpenNoSocket_AndKnowNoHost() =>
        Rule.Holds(NamespaceRules.Outside([.. CoreFiles, .. ConfigurationFiles], SocketsAndHosts()));

    [Fact]
    public void Core_KnowsNoYaml() => Rule.Holds(NamespaceRules.Outside(CoreFiles, Yaml()));

    [Fact]
    public void Simulator_KnowsNothing_OfThePicker() => Rule.Holds(NamespaceRules.Outside(SimulatorFiles, OfThePicker()));

    // System.Net is there for IPEndPoint, and of System.Net.Sockets the one enum that tells IPv4 from IPv6, by an alias. The names at the end
    // need no using beside those.
    [GeneratedRegex(
        @"^(Microsoft\.(?!Extensions\.Logging(\.Abstractions)?(\.[A-Z]\w*)?$)|System\.Net\.(?!(IPAddress|IPEndPoint|Sockets\.AddressFamily)$)"
        + @"|(System\.Net\.)?(Dns|HttpListener|HttpClient|WebRequest|WebClient)\b)")]
    internal static partial Regex SocketsAndHosts();

    [GeneratedRegex(@"^YamlDotNet\b")]
    internal static partial Regex Yaml();

    [GeneratedRegex(@"^EndpointPicker\b")]
    internal static partial Regex OfThePicker();
}

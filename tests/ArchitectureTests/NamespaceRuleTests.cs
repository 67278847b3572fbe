using ArchitectureTests.Source;

namespace ArchitectureTests;

/// <summary>Each rule about namespaces is shown to fail on a tree that breaks it.</summary>
public sealed class NamespaceRuleTests
{
    private const string Profile = "namespace Core.Scheduling;\ninternal class Profile;";

    private static readonly Dictionary<string, string[]> Allowed = new() { ["Endpoints"] = [], ["Scheduling"] = ["Endpoints"] };

    [Theory]
    [InlineData("using Core.Scheduling;")]
    [InlineData("using static Core.Scheduling.Profile;")]
    [InlineData("using Alias = Core.Scheduling.Profile;")]
    [InlineData("using List = System.Collections.Generic.List<Core.Scheduling.Profile>;\nusing Core.Scheduling;")]
    public void Areas_ImportAgainstTheArrow_IsNamed(string import) =>
        Assert.Equal(["Core.Endpoints -> Core.Scheduling (File0.cs)"], Areas($"{import}\nnamespace Core.Endpoints;\ninternal class Pool;", Profile));

    [Theory]
    [InlineData("private readonly Scheduling.Profile _profile;")]
    [InlineData("private global::Core.Scheduling.Profile? Own => null;")]
    [InlineData("public object New() => Core.Scheduling.Profile.Default;")]
    public void Areas_QualifiedNameAgainstTheArrow_IsNamed(string member) =>
        Assert.Equal(["Core.Endpoints -> Core.Scheduling (File0.cs)"], Areas($"namespace Core.Endpoints;\ninternal class Pool\n{{\n    {member}\n}}\n", Profile));

    [Theory]
    [InlineData("// using Scheduling.Profile")]
    [InlineData("private const string Name = \"Core.Scheduling.Profile\";")]
    [InlineData("private string Text => \"\"\"\n        Core.Scheduling.Profile \"quoted\"\n        \"\"\";")]
    [InlineData("public int Count => Options.Scheduling.Profile;")]
    [InlineData("private const int Profile = 1;\n    public int Count => Profile;")]
    public void Areas_NameThatIsNoUse_IsNotCounted(string member) =>
        Assert.Empty(Areas($"namespace Core.Endpoints;\ninternal class Pool\n{{\n    {member}\n}}\n", Profile));

    [Fact]
    public void Areas_FolderOutsideTheTable_IsNamed() =>
        Assert.Equal(["Core.Telemetry stands in no table of arrows"], Areas("namespace Core.Telemetry;\ninternal class Spans;"));

    [Fact]
    public void Cycles_TwoNamespacesThatUseEachOther_AreNamed()
    {
        NamespaceGraph graph = new(SourceTree.Of(
            "using B;\nnamespace A;\nclass X;",
            "using C;\nnamespace B;\nclass Y;",
            "using A;\nnamespace C;\nclass Z;",
            "using A;\nnamespace D;\nclass W;"));

        Assert.Equal(["cycle: A -> B (File0.cs)", "cycle: B -> C (File1.cs)", "cycle: C -> A (File2.cs)"], graph.Cycles());
    }

    [Fact]
    public void Cycles_ThroughTheEnclosingNamespace_AreNamed()
    {
        NamespaceGraph graph = new(SourceTree.Of(
            "using Core.Scheduling.Scorers;\nnamespace Core.Scheduling;\ninternal interface IScorer;",
            "namespace Core.Scheduling.Scorers;\ninternal class QueueScorer : IScorer;"));

        Assert.Equal(2, graph.Cycles().Count());
    }

    [Fact]
    public void Contracts_ThatUseWhatIsNestedInThem_AreNamed()
    {
        NamespaceGraph graph = new(SourceTree.Of(
            "using Core.Scheduling.Scorers;\nnamespace Core.Scheduling;\ninternal class Profile;",
            "namespace Core.Scheduling.Scorers;\ninternal class QueueScorer;"));

        Assert.Equal(["Core.Scheduling -> Core.Scheduling.Scorers (File0.cs)"], NamespaceRules.Contracts(graph));
        Assert.Empty(NamespaceRules.Contracts(graph, "Core.Scheduling"));
    }

    [Theory]
    [InlineData("using System.Net.Sockets;", "System.Net.Sockets")]
    [InlineData("using Client = System.Net.Sockets.TcpClient;", "System.Net.Sockets.TcpClient")]
    [InlineData("using Microsoft.AspNetCore.Http;", "Microsoft.AspNetCore.Http")]
    [InlineData("using Microsoft.Extensions.Configuration;", "Microsoft.Extensions.Configuration")]
    [InlineData("class X { HttpClient _client; }", "HttpClient")]
    [InlineData("class X { object Y() => System.Net.Sockets.SocketType.Stream; }", "System.Net.Sockets.SocketType.Stream")]
    public void Outside_ForbiddenName_IsNamed(string text, string name) =>
        Assert.Equal([$"File0.cs uses {name}"], NamespaceRules.Outside(SourceTree.Of(text), NamespaceTests.SocketsAndHosts()));

    [Theory]
    [InlineData("using System.Net;")]
    [InlineData("using AddressFamily = System.Net.Sockets.AddressFamily;")]
    [InlineData("using Microsoft.Extensions.Logging;")]
    public void Outside_AllowedName_IsNot(string text) => Assert.Empty(NamespaceRules.Outside(SourceTree.Of(text), NamespaceTests.SocketsAndHosts()));

    [Fact]
    public void Outside_GlobalUsing_IsNamed() =>
        Assert.Equal(["File0.cs has a global using"], NamespaceRules.Outside(SourceTree.Of("global using System.Text;"), NamespaceTests.SocketsAndHosts()));

    [Fact]
    public void Outside_CoreThatReadsYaml_IsNamed() =>
        Assert.Single(NamespaceRules.Outside(SourceTree.Of("using YamlDotNet.Core;"), NamespaceTests.Yaml()));

    [Fact]
    public void Outside_SimulatorThatKnowsThePicker_IsNamed() =>
        Assert.Single(NamespaceRules.Outside(SourceTree.Of("using EndpointPicker.Core.PrefixCache;"), NamespaceTests.OfThePicker()));

    private static IEnumerable<string> Areas(params string[] texts) => NamespaceRules.Areas(new NamespaceGraph(SourceTree.Of(texts)), "Core", Allowed);
}

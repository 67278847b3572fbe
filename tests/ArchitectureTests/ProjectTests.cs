using ArchitectureTests.Source;

namespace ArchitectureTests;

/// <summary>The arrows between projects. The simulator and the load generator share no code with the picker: they are its witnesses.</summary>
public sealed class ProjectTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["EndpointPicker.Core"] = [],
        ["EndpointPicker.Configuration"] = ["EndpointPicker.Core"],
        ["EndpointPicker"] = ["EndpointPicker.Configuration", "EndpointPicker.Core"],
        ["EndpointPicker.Simulation"] = ["EndpointPicker.Configuration", "EndpointPicker.Core"],
        ["ModelServerSimulator"] = [],
        ["EndpointPicker.Benchmarks"] = ["EndpointPicker", "EndpointPicker.Core", "EndpointPicker.LoadGenerator"],
        ["EndpointPicker.LoadGenerator"] = [],
        ["EndpointPicker.Demo"] = ["EndpointPicker.LoadGenerator"],
    };

    private static readonly Dictionary<string, string[]> Small = new() { ["A"] = ["B"], ["B"] = [] };

    [Fact]
    public void Projects_EveryArrow_IsAllowed() =>
        Rule.Holds(ProjectFile.Arrows([.. ProjectFile.ReadAll("src"), .. ProjectFile.ReadAll("bench")], Allowed));

    [Fact]
    public void Projects_OfThePicker_AreAllFound() =>
        Assert.Equal(
            ["EndpointPicker", "EndpointPicker.Configuration", "EndpointPicker.Core", "ModelServerSimulator"],
            ProjectFile.ReadAll("src").Select(project => project.Name).Except(["EndpointPicker.Simulation"]).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("B", """<ProjectReference Include="..\A\A.csproj" />""", "B -> A")]
    [InlineData("B", """<Compile Include="../A/Shared.cs" />""", "B -> ../A/Shared.cs")]
    [InlineData("A", """<Reference Include="../C.dll" />""", "A -> ../C.dll")]
    [InlineData("A", """<Using Include="B.Inner" />""", "A -> B.Inner")]
    [InlineData("C", "", "C stands in no table of arrows")]
    public void Arrows_OneTooMany_IsNamed(string project, string item, string expected) =>
        Assert.Equal([expected], ProjectFile.Arrows([Parse(project, item)], Small));

    [Fact]
    public void Arrows_AllowedReference_IsNot() => Rule.Holds(ProjectFile.Arrows([Parse("A", """<ProjectReference Include="../B/B.csproj" />""")], Small));

    private static ProjectFile Parse(string name, string item) => ProjectFile.Parse(name, $"<Project><ItemGroup>{item}</ItemGroup></Project>");
}

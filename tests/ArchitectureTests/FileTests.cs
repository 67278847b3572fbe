using ArchitectureTests.Source;

namespace ArchitectureTests;

/// <summary>The shape of source files, of the product and of what measures and shows it.</summary>
public sealed class FileTests
{
    private const int LineLimit = 400;

    private static readonly IReadOnlyList<SourceFile> Files = [.. SourceTree.Read("src"), .. SourceTree.Read("bench")];

    [Fact]
    public void Files_Length_IsAtMostTheLimit() => Rule.Holds(FileRules.Length(Files, LineLimit));

    [Fact]
    public void Types_Names_SayWhatTheyAre() => Rule.Holds(FileRules.Names(Files));

    [Fact]
    public void Files_EachDeclare_TheOneTypeOfTheirName() => Rule.Holds(FileRules.OneType(Files));

    [Fact]
    public void Length_OneLineTooMany_IsNamed()
    {
        Assert.Empty(FileRules.Length(SourceTree.Of("a\nb\nc\n"), 3));
        Assert.Equal(["File0.cs has 4 lines"], FileRules.Length(SourceTree.Of("a\nb\nc\nd\n"), 3));
    }

    [Theory]
    [InlineData("public sealed class PoolManager;")]
    [InlineData("internal static class WireHelpers\n{\n}")]
    [InlineData("class Outer\n{\n    private readonly record struct PodInfo(int A);\n}")]
    [InlineData("public abstract class ScorerBase<T> : IScorer\n{\n}")]
    [InlineData("internal interface EndpointPicker;")]
    public void Names_EmptyWord_IsNamed(string text) => Assert.Single(FileRules.Names(SourceTree.Of(text)));

    [Theory]
    [InlineData("public sealed class Database;")]
    [InlineData("public sealed class InfoMetric;")]
    [InlineData("// a class Helper\nclass X { string Y => \"class Util { }\"; }")]
    public void Names_OtherWord_IsNot(string text) => Assert.Empty(FileRules.Names(SourceTree.Of(text)));

    [Theory]
    [InlineData("namespace A;\npublic class Other;", "Other")]
    [InlineData("namespace A;\npublic class File0;\ninternal record struct Second(int A);", "File0, Second")]
    [InlineData("namespace A;\npublic delegate int Second(int a);\npublic class File0;", "Second, File0")]
    [InlineData("namespace A;\n", "nothing")]
    public void OneType_AnotherOrTwo_AreNamed(string text, string declared) =>
        Assert.Equal([$"File0.cs declares {declared}"], FileRules.OneType(SourceTree.Of(text)));

    [Fact]
    public void OneType_NestedTypesAndConstraints_AreNotCounted() =>
        Assert.Empty(FileRules.OneType(SourceTree.Of("namespace A;\ninternal sealed class File0<T>\n    where T : class\n{\n    private enum Kind { A }\n}\n")));
}

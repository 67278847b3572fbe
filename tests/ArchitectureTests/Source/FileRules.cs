using System.Text.RegularExpressions;

namespace ArchitectureTests.Source;

/// <summary>What one file may be; each rule returns what breaks it.</summary>
internal static partial class FileRules
{
    /// <summary>No file is longer than that.</summary>
    public static IEnumerable<string> Length(IEnumerable<SourceFile> files, int limit) =>
        files.Where(file => file.Lines > limit).Select(file => $"{file.Path} has {file.Lines} lines");

    /// <summary>No type has a name that says nothing.</summary>
    public static IEnumerable<string> Names(IEnumerable<SourceFile> files) =>
        files.SelectMany(file => file.Types.Where(type => Empty().IsMatch(type)).Select(type => $"{file.Path} names a type {type}"));

    /// <summary>One top-level type a file, and the file, up to its facet, bears its name.</summary>
    public static IEnumerable<string> OneType(IEnumerable<SourceFile> files) =>
        files.Where(file => file.Namespace.Length > 0 && !file.TopLevelTypes.Distinct().SequenceEqual([Name(file)]))
            .Select(file => $"{file.Path} declares {string.Join(", ", file.TopLevelTypes.DefaultIfEmpty("nothing"))}");

    // X.cs, its facet X.Facet.cs, and X{T}.cs for a generic X beside another.
    private static string Name(SourceFile file) => Path.GetFileName(file.Path).Split('.', '{')[0];

    // The last is the root namespace, which a type of that name would hide.
    [GeneratedRegex("(Manager|Helpers?|Utils?|Utilities|Utility|Common|Base|Impl|Info)$|^EndpointPicker$")]
    private static partial Regex Empty();
}

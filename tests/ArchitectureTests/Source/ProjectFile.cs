using System.Xml.Linq;
using Testing;

namespace ArchitectureTests.Source;

/// <summary>One project file: its name, the projects that it references, and whatever else it draws in from outside its folder.</summary>
internal sealed record ProjectFile(string Name, IReadOnlyList<string> References, IReadOnlyList<string> Drawn)
{
    public static IEnumerable<ProjectFile> ReadAll(string folder) =>
        SourceTree.Paths(folder, "*.csproj").Select(path => Parse(Path.GetFileNameWithoutExtension(path), File.ReadAllText(Path.Combine(RepositoryRoot.Path, path))));

    public static ProjectFile Parse(string name, string xml)
    {
        XElement[] items = [.. XDocument.Parse(xml).Descendants().Where(element => element.Attribute("Include") is not null)];
        return new ProjectFile(
            name,
            [.. items.Where(item => item.Name.LocalName == "ProjectReference").Select(item => Path.GetFileNameWithoutExtension(Include(item)))],
            [.. items.Where(item => item.Name.LocalName is "Compile" or "Reference" or "Using").Select(Include)]);
    }

    /// <summary>Every reference stands in the table, every project too, and none compiles files, assemblies or usings that no reference shows.</summary>
    public static IEnumerable<string> Arrows(IEnumerable<ProjectFile> projects, IReadOnlyDictionary<string, string[]> allowed)
    {
        foreach (ProjectFile project in projects)
        {
            if (!allowed.TryGetValue(project.Name, out string[]? known))
            {
                yield return $"{project.Name} stands in no table of arrows";
                continue;
            }

            foreach (string arrow in project.References.Except(known).Concat(project.Drawn))
            {
                yield return $"{project.Name} -> {arrow}";
            }
        }
    }

    private static string Include(XElement item) => item.Attribute("Include")!.Value.Replace('\\', '/');
}

using System.Text.RegularExpressions;

namespace ArchitectureTests.Source;

/// <summary>What namespaces may use; each rule returns what breaks it.</summary>
internal static class NamespaceRules
{
    /// <summary>The first segments after the root name see only what the table allows; one that it does not name is an error.</summary>
    public static IEnumerable<string> Areas(NamespaceGraph graph, string root, IReadOnlyDictionary<string, string[]> allowed)
    {
        foreach (string unknown in graph.Namespaces.Select(name => Area(name, root)).Distinct().Where(area => !allowed.ContainsKey(area)))
        {
            yield return $"{root}.{unknown} stands in no table of arrows";
        }

        foreach ((string from, string to, string where) in graph.Arrows)
        {
            string user = Area(from, root);
            string used = Area(to, root);
            if (user != used && allowed.TryGetValue(user, out string[]? known) && !known.Contains(used))
            {
                yield return $"{from} -> {to} ({where})";
            }
        }
    }

    /// <summary>A contract never uses its implementations: no namespace uses one that is nested in it.</summary>
    public static IEnumerable<string> Contracts(NamespaceGraph graph, params string[] compositionRoots) =>
        graph.Arrows.Where(arrow => arrow.To.StartsWith(arrow.From + ".", StringComparison.Ordinal) && !compositionRoots.Contains(arrow.From))
            .Select(arrow => $"{arrow.From} -> {arrow.To} ({arrow.Where})");

    /// <summary>No file imports or spells out a name of the pattern; global usings, which would hide one, are refused as well.</summary>
    public static IEnumerable<string> Outside(IEnumerable<SourceFile> files, Regex forbidden)
    {
        foreach (SourceFile file in files)
        {
            foreach (string name in file.Imports.Concat(file.Names).Distinct().Where(name => forbidden.IsMatch(name)))
            {
                yield return $"{file.Path} uses {name}";
            }

            if (file.HasGlobalUsing)
            {
                yield return $"{file.Path} has a global using";
            }
        }
    }

    private static string Area(string name, string root) =>
        name.Length <= root.Length || !name.StartsWith(root + ".", StringComparison.Ordinal) ? "" : name[(root.Length + 1)..].Split('.')[0];
}

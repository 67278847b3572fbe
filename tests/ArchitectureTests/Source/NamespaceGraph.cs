namespace ArchitectureTests.Source;

/// <summary>
/// Which namespace of a tree uses which: by using directives and aliases, by qualified names, and by the names of an enclosing namespace's
/// types, which C# lets a nested namespace use without a word.
/// </summary>
internal sealed class NamespaceGraph
{
    private readonly Dictionary<string, HashSet<string>> _types = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(string From, string To), string> _arrows = [];

    public NamespaceGraph(IReadOnlyList<SourceFile> files)
    {
        foreach (SourceFile file in files.Where(file => file.Namespace.Length > 0))
        {
            _types.TryAdd(file.Namespace, new HashSet<string>(StringComparer.Ordinal));
            _types[file.Namespace].UnionWith(file.TopLevelTypes);
        }

        foreach (SourceFile file in files)
        {
            foreach (string target in Targets(file).Where(target => target != file.Namespace))
            {
                _arrows.TryAdd((file.Namespace, target), file.Path);
            }
        }
    }

    public IEnumerable<string> Namespaces => _types.Keys;

    public IEnumerable<(string From, string To, string Where)> Arrows => _arrows.Select(arrow => (arrow.Key.From, arrow.Key.To, arrow.Value));

    /// <summary>The arrows that lie on a cycle.</summary>
    public IEnumerable<string> Cycles() =>
        Arrows.Where(arrow => Reaches(arrow.To, arrow.From)).Select(arrow => $"cycle: {arrow.From} -> {arrow.To} ({arrow.Where})");

    private bool Reaches(string from, string to)
    {
        HashSet<string> seen = [from];
        Queue<string> open = new([from]);
        while (open.TryDequeue(out string? at))
        {
            foreach ((string _, string next) in _arrows.Keys.Where(arrow => arrow.From == at))
            {
                if (seen.Add(next))
                {
                    open.Enqueue(next);
                }
            }
        }

        return seen.Contains(to);
    }

    private IEnumerable<string> Targets(SourceFile file)
    {
        string[] enclosing = [.. Enclosing(file.Namespace)];
        return file.Imports.Select(Longest)
            .Concat(file.Names.Select(name => Resolve(name, enclosing)))
            .OfType<string>();
    }

    // A namespace may also be meant by what stands before a type's name in a static import or an alias.
    private string? Longest(string import) => Enclosing(import).FirstOrDefault(_types.ContainsKey);

    // As the compiler does: the innermost enclosing namespace that knows the name wins.
    private string? Resolve(string name, string[] enclosing)
    {
        string[] parts = name.Replace("global::", "", StringComparison.Ordinal).Split('.');
        foreach (string scope in enclosing.Append(""))
        {
            string at = scope;
            foreach (string part in parts)
            {
                if (_types.GetValueOrDefault(at)?.Contains(part) == true)
                {
                    return at;
                }

                at = at.Length == 0 ? part : $"{at}.{part}";
            }
        }

        return null;
    }

    private static IEnumerable<string> Enclosing(string name)
    {
        for (string at = name; at.Length > 0; at = at.Contains('.', StringComparison.Ordinal) ? at[..at.LastIndexOf('.')] : "")
        {
            yield return at;
        }
    }
}

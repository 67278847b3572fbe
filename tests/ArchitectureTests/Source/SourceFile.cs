using System.Text.RegularExpressions;

namespace ArchitectureTests.Source;

/// <summary>One C# file, read far enough to know what it declares and what it names; comments and literals do not count.</summary>
internal sealed partial record SourceFile(string Path, string Text)
{
    private string? _code;

    /// <summary>The text without comments and literals.</summary>
    public string Code => _code ??= Uncounted().Replace(Text, m => m.Value[0] == '/' ? " " : "\"\"");

    /// <summary>The file-scoped namespace; empty where there is none.</summary>
    public string Namespace => NamespaceLine().Match(Code).Groups[1].Value;

    public int Lines => Text.Count(c => c == '\n');

    /// <summary>What its using directives name: namespaces, and the types behind <c>using static</c> and aliases.</summary>
    public IEnumerable<string> Imports => UsingLine().Matches(Code).Select(m => m.Groups[1].Value);

    public bool HasGlobalUsing => GlobalUsing().IsMatch(Code);

    /// <summary>The types that stand in the namespace itself.</summary>
    public IEnumerable<string> TopLevelTypes => Declaration().Matches(Code).Where(m => m.Groups[1].Length == 0).Select(m => m.Groups[2].Value);

    /// <summary>All types, nested ones too.</summary>
    public IEnumerable<string> Types => Declaration().Matches(Code).Select(m => m.Groups[2].Value);

    /// <summary>Names that stand at the start of an expression or a type, with the dots that follow them; those of its own constants are not among them.</summary>
    public IEnumerable<string> Names =>
        Name().Matches(UsingLine().Replace(NamespaceLine().Replace(Code, ""), "")).Select(m => m.Value).Distinct()
            .Except(Constant().Matches(Code).Select(m => m.Groups[1].Value));

    // Of an interpolated string the holes are lost too, which hides a name only from the check of names, not from the compiler.
    [GeneratedRegex("""("{3,})[\s\S]*?\1|@\$?"(?:""|[^"])*"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'|//[^\n]*|/\*[\s\S]*?\*/""")]
    private static partial Regex Uncounted();

    [GeneratedRegex(@"^namespace\s+([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^(?:global\s+)?using\s+(?:static\s+)?(?:\w+\s*=\s*)?(?:global::)?([\w.]+)[^;(\n]*;", RegexOptions.Multiline)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"^global\s+using\b", RegexOptions.Multiline)]
    private static partial Regex GlobalUsing();

    [GeneratedRegex(
        @"^( *)(?:(?:public|internal|private|protected|file|static|sealed|abstract|partial|readonly|ref|unsafe|new)\s+)*"
        + @"(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?|delegate\s+[\w.<>?,\[\] ]+?)\s+(\w+)\s*(?=[<({:;\s]|$)",
        RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\bconst\s+[\w.]+\s+(\w+)")]
    private static partial Regex Constant();

    [GeneratedRegex(@"(?<![\w.])(?:global::)?[A-Z]\w*(?:\.[A-Z]\w*)*")]
    private static partial Regex Name();
}

using System.Text;

namespace EndpointPicker.Hosting.CommandLine;

/// <summary>The text of <c>--help</c>, in columns of 100 characters.</summary>
internal static class Usage
{
    private const int Width = 100;
    private const string Indent = "        ";

    public static string Text { get; } = Compose();

    private static string Compose()
    {
        StringBuilder text = new();
        text.Append("epp: picks, for every request that Envoy asks about, the model server that shall serve it.\n\n");
        text.Append("  epp --pool-name NAME --config-file CONFIG.yaml [flags]\n");
        text.Append("  epp --endpoint 10.0.0.7:8000,10.0.0.8:8000 --secure-serving=false\n");
        text.Append("  epp --probe 127.0.0.1:9003\n");
        foreach (IGrouping<string, Flag> section in FlagTable.All.Where(flag => flag.Removed is null).GroupBy(flag => flag.Section))
        {
            text.Append('\n').Append(section.Key).Append('\n');
            foreach (Flag flag in section)
            {
                text.Append("  --").Append(flag.Name).Append(' ').Append(Placeholder(flag.Kind));
                text.Append(flag.Default.Length > 0 ? $"  (default {flag.Default})" : "");
                text.Append(flag.Ignored is null ? "\n" : "  [no effect]\n");
                Wrap(text, flag.Summary);
            }
        }

        text.Append("\nValues follow a space or an equals sign; those of booleans always an equals sign. Flags marked\n");
        text.Append("[no effect] are taken because the reference has them; setting one to anything else than its\n");
        text.Append("default is warned of. docs/flags.md says why, and which flags of the reference were removed.\n");
        return text.ToString();
    }

    private static void Wrap(StringBuilder text, string summary)
    {
        string line = "";
        foreach (string word in summary.Split(' '))
        {
            string longer = line.Length == 0 ? Indent + word : $"{line} {word}";
            if (longer.Length > Width)
            {
                text.Append(line).Append('\n');
                longer = Indent + word;
            }

            line = longer;
        }

        text.Append(line).Append('\n');
    }

    private static string Placeholder(FlagKind kind) => kind switch
    {
        FlagKind.Boolean => "[=true|false]",
        FlagKind.Integer => "N",
        FlagKind.Duration => "DURATION",
        FlagKind.List => "A,B",
        _ => "TEXT",
    };
}

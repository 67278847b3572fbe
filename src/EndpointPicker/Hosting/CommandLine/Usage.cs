using System.Text;

namespace EndpointPicker.Hosting.CommandLine;

/// <summary>The text of <c>--help</c>.</summary>
internal static class Usage
{
    private const int Column = 46;

    public static string Text { get; } = Compose();

    private static string Compose()
    {
        StringBuilder text = new();
        text.Append("epp: picks, for every request that Envoy asks about, the model server that shall serve it.\n\n");
        text.Append("  epp --pool-name NAME --config-file CONFIG.yaml [flags]\n");
        text.Append("  epp --endpoint 10.0.0.7:8000,10.0.0.8:8000 --secure-serving=false\n");
        foreach (IGrouping<string, Flag> section in FlagTable.All.Where(flag => flag.Removed is null).GroupBy(flag => flag.Section))
        {
            text.Append('\n').Append(section.Key).Append('\n');
            foreach (Flag flag in section)
            {
                string left = $"  --{flag.Name} {Placeholder(flag.Kind)}";
                text.Append(left.PadRight(Column)).Append(flag.Summary);
                text.Append(flag.Default.Length > 0 ? $" (default {flag.Default})\n" : "\n");
            }
        }

        text.Append("\nValues follow a space or an equals sign; those of booleans always an equals sign.\n");
        return text.ToString();
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

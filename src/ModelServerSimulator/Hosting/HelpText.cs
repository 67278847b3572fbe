using System.Text;

namespace ModelServerSimulator.Hosting;

/// <summary>What <c>--help</c> prints.</summary>
internal static class HelpText
{
    private const int HelpColumn = 36;
    private const int Width = 120;

    public static string Render()
    {
        var text = new StringBuilder("model-server-sim: answers like a vLLM server, takes the time that one takes, and computes nothing.\n");
        foreach (IGrouping<string, Flag> group in FlagTable.All.GroupBy(flag => flag.Group))
        {
            text.Append('\n').Append(group.Key).Append('\n');
            foreach (Flag flag in group)
            {
                Append(text, $"  {flag.Name} {flag.Argument}", flag.Help);
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string head, string help)
    {
        text.Append(head.PadRight(HelpColumn));
        int column = HelpColumn;
        foreach (string word in help.Split(' '))
        {
            if (column + word.Length >= Width)
            {
                text.Append('\n').Append(' ', HelpColumn);
                column = HelpColumn;
            }
            else if (column > HelpColumn)
            {
                text.Append(' ');
                column++;
            }

            text.Append(word);
            column += word.Length;
        }

        text.Append('\n');
    }
}

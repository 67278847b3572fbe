using System.Text;

namespace EndpointPicker.Demo.Screen;

/// <summary>One line of text in colours. All characters that it is given are one column wide.</summary>
internal sealed class StyledLine
{
    private readonly List<(string Text, Ink Ink)> _pieces = [];

    public static StyledLine Empty { get; } = new();

    /// <summary>Columns.</summary>
    public int Width => _pieces.Sum(piece => piece.Text.Length);

    public StyledLine Add(string text, Ink ink = Ink.Plain)
    {
        _pieces.Add((text, ink));
        return this;
    }

    public StyledLine Add(StyledLine other)
    {
        _pieces.AddRange(other._pieces);
        return this;
    }

    /// <summary>The line with spaces after it up to a width, or without what is beyond.</summary>
    public StyledLine Fit(int width)
    {
        StyledLine line = Clip(width);
        return line.Add(new string(' ', width - line.Width));
    }

    /// <summary>The line without what is beyond a width.</summary>
    public StyledLine Clip(int width)
    {
        var line = new StyledLine();
        foreach ((string text, Ink ink) in _pieces)
        {
            int left = width - line.Width;
            line.Add(text.Length > left ? text[..left] : text, ink);
        }

        return line;
    }

    /// <summary>For a terminal, in colours or without.</summary>
    public string ToText(bool inColour)
    {
        var text = new StringBuilder();
        foreach ((string piece, Ink ink) in _pieces)
        {
            string code = inColour ? Code(ink) : "";
            text.Append(code).Append(piece).Append(code.Length > 0 ? "\u001b[0m" : "");
        }

        return text.ToString();
    }

    public override string ToString() => ToText(inColour: false).TrimEnd();

    private static string Code(Ink ink) => ink switch
    {
        Ink.Dim => "\u001b[2m",
        Ink.Bold => "\u001b[1m",
        Ink.Picker => "\u001b[38;5;39m",
        Ink.RoundRobin => "\u001b[38;5;208m",
        Ink.Better => "\u001b[1;38;5;39m",
        Ink.Worse => "\u001b[1;38;5;208m",
        _ => "",
    };
}

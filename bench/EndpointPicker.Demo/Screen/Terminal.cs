using System.Text;

namespace EndpointPicker.Demo.Screen;

/// <summary>Standard output: a page that is drawn in place on a terminal, a line now and then elsewhere.</summary>
internal sealed class Terminal : IDisposable
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);

    private readonly bool _isTerminal = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or null);
    private readonly bool _inColour;
    private TimeSpan? _lastPlain;
    private bool _hasPage;

    public Terminal()
    {
        _inColour = _isTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
    }

    public void Say(StyledLine line) => Say(line.ToText(_inColour).TrimEnd());

    public void Say(string line)
    {
        LeavePage();
        Console.WriteLine(line);
    }

    /// <summary>Shows the view: as a page on a terminal, else as a line every few seconds.</summary>
    public void Draw(LiveView view)
    {
        if (_isTerminal)
        {
            DrawPage(LivePage.Lines(view, Told(Console.WindowWidth, otherwise: 80, least: 40), Told(Console.WindowHeight, otherwise: 24, least: 10)));
            return;
        }

        if (_lastPlain is null || view.Elapsed - _lastPlain >= PlainInterval)
        {
            _lastPlain = view.Elapsed;
            Console.WriteLine(PlainLine.Of(view));
        }
    }

    public void Dispose() => LeavePage();

    // Recorded and serial terminals say 0.
    private static int Told(int size, int otherwise, int least) => size > 0 ? Math.Max(least, size) : otherwise;

    // In one write and over what stands there, so that nothing flickers; the page has a screen of its own, which keeps what was said before.
    private void DrawPage(IReadOnlyList<StyledLine> lines)
    {
        var text = new StringBuilder(_hasPage ? "" : "\u001b[?1049h\u001b[?25l");
        _hasPage = true;
        text.Append("\u001b[H");
        for (int i = 0; i < lines.Count; i++)
        {
            text.Append(i == 0 ? "" : "\r\n").Append(lines[i].ToText(_inColour)).Append("\u001b[K");
        }

        Console.Out.Write(text.Append("\u001b[J").ToString());
        Console.Out.Flush();
    }

    private void LeavePage()
    {
        if (_hasPage)
        {
            Console.Write("\u001b[?25h\u001b[?1049l");
            _hasPage = false;
        }
    }
}

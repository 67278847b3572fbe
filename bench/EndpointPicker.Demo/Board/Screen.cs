using System.Text;

namespace EndpointPicker.Demo.Board;

/// <summary>Draws the board in place on a terminal, and as blocks of plain lines every few seconds elsewhere.</summary>
internal sealed class Screen
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);

    private readonly bool _isTerminal = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or null);
    private TimeSpan _lastPlain = TimeSpan.Zero;
    private int _drawn;

    public static void Say(string line) => Console.WriteLine(line);

    /// <summary>Draws the board; one that is <paramref name="last"/> is shown in any case.</summary>
    public void Draw(TimeSpan elapsed, IReadOnlyList<string> lines, bool last)
    {
        if (!_isTerminal)
        {
            if (last || elapsed - _lastPlain >= PlainInterval)
            {
                _lastPlain = elapsed;
                Console.WriteLine(string.Join('\n', lines) + "\n");
            }

            return;
        }

        // Back over what was drawn last, each line cleared to its end, and whatever is left below.
        var text = new StringBuilder();
        if (_drawn > 0)
        {
            text.Append("\u001b[").Append(_drawn).Append('A');
        }

        int width = Math.Max(40, Console.WindowWidth - 1);
        foreach (string line in lines)
        {
            text.Append('\r').Append(line.Length > width ? line[..width] : line).Append("\u001b[K\n");
        }

        _drawn = lines.Count;
        Console.Write(text.Append("\u001b[J"));
    }
}

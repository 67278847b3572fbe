using System.Globalization;

namespace EndpointPicker.Demo.Screen;

/// <summary>Figures as people read them.</summary>
internal static class Shown
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Three digits at least and a unit: <c>41 ms</c>, <c>1.23 s</c>, <c>12.3 s</c>; a dash where nothing was measured.</summary>
    public static string Time(TimeSpan time) => time.TotalMilliseconds switch
    {
        <= 0 => "-",
        < 9.95 => string.Create(Culture, $"{time.TotalMilliseconds:0.0} ms"),
        < 999.5 => string.Create(Culture, $"{time.TotalMilliseconds:0} ms"),
        < 9_995 => string.Create(Culture, $"{time.TotalSeconds:0.00} s"),
        _ => string.Create(Culture, $"{time.TotalSeconds:0.0} s"),
    };

    public static string Share(double share) => string.Create(Culture, $"{share * 100:0} %");

    public static string Count(double count) => string.Create(Culture, $"{count:N0}");

    /// <summary>A bar of at most <paramref name="width"/> columns, in eighths of a column; anything above zero shows.</summary>
    public static string Bar(double value, double full, int width)
    {
        const string Eighths = "▏▎▍▌▋▊▉█";
        double part = full <= 0 || double.IsNaN(value) ? 0 : Math.Clamp(value / full, 0, 1);
        int eighths = part == 0 ? 0 : Math.Max(1, (int)Math.Round(part * width * 8));
        return new string('█', eighths / 8) + (eighths % 8 == 0 ? "" : Eighths[(eighths % 8) - 1].ToString());
    }
}

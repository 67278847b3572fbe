using System.Globalization;

namespace FunctionalTests.Harness;

/// <summary>Reads a metrics page the slow and plain way.</summary>
internal static class PrometheusPage
{
    /// <summary>The sum of all series of one name; 0 where there is none.</summary>
    public static double Sum(string page, string name) => page.Split('\n')
        .Where(line => line.StartsWith(name + " ", StringComparison.Ordinal) || line.StartsWith(name + "{", StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}

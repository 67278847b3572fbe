using System.Globalization;
using Testing;

namespace FunctionalTests.Harness;

/// <summary>Reads a metrics page the slow and plain way.</summary>
internal static class PrometheusPage
{
    /// <summary>The sum of all series of one name; 0 where there is none.</summary>
    public static double Sum(string page, string name) => page.Split('\n')
        .Where(line => line.StartsWith(name + " ", StringComparison.Ordinal) || line.StartsWith(name + "{", StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    /// <summary>Waits until the sum of all series of one name is as wanted: a process counts what it did after others can see that it did it.</summary>
    /// <param name="page">Gets the page.</param>
    /// <param name="name">The name.</param>
    /// <param name="reached">What is wanted of the sum.</param>
    public static Task UntilSumAsync(Func<Task<string>> page, string name, Func<double, bool> reached) =>
        Polling.UntilAsync(async () => Sum(await page(), name), reached, name);
}

using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using ModelServerSimulator.Hosting;
using ModelServerSimulator.Http;
using ModelServerSimulator.Tests.Http;
using Testing;

namespace ModelServerSimulator.Tests.Hosting;

public sealed partial class SimulatorDocumentationTests
{
    [Fact]
    public void Document_Options_AreThoseOfTheTable()
    {
        var text = new StringBuilder("| option | default; meaning |\n|---|---|\n");
        foreach (IGrouping<string, Flag> group in FlagTable.All.GroupBy(flag => flag.Group))
        {
            text.Append($"| **{group.Key}** | |\n");
            foreach (Flag flag in group)
            {
                text.Append($"| `{$"{flag.Name} {flag.Argument}".TrimEnd()}` | {flag.Help} |\n");
            }
        }

        DocumentPart.Expect("simulator.md", "the table of options", text.ToString());
    }

    [Fact]
    public async Task Document_RequestsOfItsExamples_AreServed()
    {
        string document = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "docs", "simulator.md"), TestContext.Current.CancellationToken);
        await using RunningServer server = await RunningServer.StartAsync(new SimulatorOptions { Server = new ServerOptions { EnableLora = true }, Engine = new() { Model = "my-model" } });

        List<(string Path, string Json)> examples =
            [.. Example().Matches(document).Select(match => (match.Groups["path"].Value, match.Groups["json"].Value))];

        // Faults last, since some of them would keep the other examples from being served.
        Assert.Equal(9, examples.Count);
        foreach ((string path, string json) in examples.OrderBy(example => example.Path.StartsWith("/admin", StringComparison.Ordinal)))
        {
            Assert.Equal((json, HttpStatusCode.OK), (json, await server.PostAsync(path, json)));
        }
    }

    [GeneratedRegex("""^curl \S+ localhost:8000(?<path>\S+) .*-d '(?<json>[^']*)'""", RegexOptions.Multiline)]
    private static partial Regex Example();
}

using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FunctionalTests.Observability;

/// <summary>The dashboards' structure, which Grafana would repair silently or refuse, and each query by Prometheus' own parser.</summary>
public sealed partial class DashboardTests
{
    private static readonly string[] Kinds = ["row", "timeseries", "stat"];

    internal static IReadOnlyList<Dashboard> Boards { get; } = Dashboard.ReadAll();

    [Fact]
    public void Boards_IdsAndLinks_LeadToEachOther()
    {
        string[] ids = [.. Boards.Select(board => board.Json.GetProperty("uid").GetString()!)];
        Assert.Equal(["endpoint-picker", "inference-gateway"], ids.Order());
        Assert.All(Boards, board => Assert.True(board.Json.GetProperty("schemaVersion").GetInt32() >= 39));
        Assert.All(
            Boards.SelectMany(board => board.Json.GetProperty("links").EnumerateArray()),
            link => Assert.Contains(link.GetProperty("url").GetString()!["/d/".Length..], ids));
    }

    [Fact]
    public void Panels_OfEachBoard_HaveIdsAndTitlesOfTheirOwn()
    {
        Assert.All(Boards, board =>
        {
            Assert.Equal(board.Panels.Count, board.Panels.Select(panel => panel.Json.GetProperty("id").GetInt32()).Distinct().Count());
            Assert.Equal(board.Panels.Count, board.Panels.Select(panel => panel.Title).Distinct().Count());
            Assert.All(board.Panels, panel => Assert.Contains(panel.Json.GetProperty("type").GetString(), Kinds));
        });
    }

    [Fact]
    public void Panels_OfEachBoard_FillTheirRowsWithoutOverlap()
    {
        Assert.All(Boards, board =>
        {
            HashSet<(int, int)> taken = [];
            foreach (Dashboard.Panel panel in board.Panels)
            {
                (int x, int y, int width, int height) = panel.Place;
                for (int cell = 0; cell < width * height; cell++)
                {
                    Assert.True(taken.Add((x + (cell % width), y + (cell / width))), $"{panel.Title} overlaps another");
                }

                Assert.True(x + width <= 24, $"{panel.Title} is wider than the board");
            }

            Assert.All(taken.GroupBy(cell => cell.Item2), row => Assert.True(row.Count() == 24, $"{board}: a gap at height {row.Key}"));
        });
    }

    [Fact]
    public void Targets_OfEachPanel_AskTheChosenDataSource()
    {
        foreach (Dashboard.Panel panel in Boards.SelectMany(board => board.Panels).Where(panel => !panel.IsRow))
        {
            JsonElement[] targets = [.. panel.Json.GetProperty("targets").EnumerateArray()];
            Assert.True(targets.Length > 0, panel.Title);
            Assert.Equal(targets.Length, targets.Select(target => target.GetProperty("refId").GetString()).Distinct().Count());
            Assert.All([panel.Json, .. targets], asked => Assert.Equal("${DS_PROMETHEUS}", asked.GetProperty("datasource").GetProperty("uid").GetString()));
        }
    }

    [Fact]
    public void Variables_OfEachBoard_AreThoseThatAreUsed()
    {
        Assert.All(Boards, board =>
        {
            IEnumerable<string> used = Variable().Matches(board.Json.GetProperty("panels").GetRawText()).Select(match => match.Groups[1].Value)
                .Where(name => name != "__rate_interval").Distinct();
            Assert.Equal(board.Variables.Select(variable => variable.GetProperty("name").GetString()!).Order(), used.Order());
        });
    }

    /// <summary>Pickers and pools of two namespaces may have the same names, and Envoy stands in a third.</summary>
    [Fact]
    public void Queries_OfEachPanel_ChooseByNamespaceAndPicker()
    {
        foreach (Dashboard board in Boards)
        {
            foreach (Dashboard.Panel panel in board.Panels)
            {
                IEnumerable<PromQuery> queries = panel.Targets.SelectMany(target => board.Expand(target.Query)).Select(PromQuery.Parse);
                foreach (PromQuery.Selector selector in queries.SelectMany(query => query.Selectors).Where(selector => !selector.Pattern!.StartsWith("envoy_", StringComparison.Ordinal)))
                {
                    string[] expected = selector.Pattern!.StartsWith("vllm:", StringComparison.Ordinal) ? ["namespace"] : ["namespace", "job"];
                    Assert.True(!expected.Except(selector.Labels).Any(), $"{panel.Title}: {selector.Pattern} of any namespace or picker");
                }
            }
        }
    }

    /// <summary>Model servers tell of their processes too, by the same names, and under the same job where pods are found by annotations.</summary>
    [Fact]
    public void Queries_OfProcesses_AreOfPickersAlone()
    {
        PromQuery[] queries =
        [
            .. Boards.SelectMany(board => board.Panels.SelectMany(panel => panel.Targets).SelectMany(target => board.Expand(target.Query))).Select(PromQuery.Parse)
                .Where(query => query.Selectors.Any(selector => selector.Pattern!.StartsWith("process_", StringComparison.Ordinal))),
        ];

        Assert.NotEmpty(queries);
        Assert.All(queries, query =>
        {
            Assert.Contains("llm_d_epp_info", query.Selectors.Select(selector => selector.Pattern));
            Assert.Equal(["job", "instance"], query.Joins);
        });
    }

    [Fact]
    public async Task Queries_OfEachPanel_AreWellFormedForPrometheus()
    {
        // As recording rules, because that is what promtool checks; a rule's name has no meaning here.
        StringBuilder rules = new("groups:\n");
        int group = 0;
        foreach (Dashboard board in Boards)
        {
            rules.Append($"- name: g{++group}\n  rules:\n");
            int number = 0;
            foreach (string query in board.Panels.SelectMany(panel => panel.Targets).SelectMany(target => board.Expand(target.Query)))
            {
                Assert.DoesNotContain("$", query, StringComparison.Ordinal);
                rules.Append($"  - record: r{++number}\n    expr: {JsonSerializer.Serialize(query)}\n");
            }
        }

        string file = Path.Combine(Directory.CreateTempSubdirectory("epp-rules-").FullName, "rules.yaml");
        await File.WriteAllTextAsync(file, rules.ToString(), TestContext.Current.CancellationToken);
        await Promtool.AcceptsAsync("check", "rules", file);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [GeneratedRegex(@"\$\{?([A-Za-z_]+)")]
    private static partial Regex Variable();
}

using System.Text.Json;
using Testing;

namespace FunctionalTests.Observability;

/// <summary>A Grafana dashboard as it is shipped.</summary>
internal sealed class Dashboard
{
    private Dashboard(string file)
    {
        Name = Path.GetFileName(file);
        Json = JsonDocument.Parse(File.ReadAllText(file)).RootElement;
        Panels = [.. Json.GetProperty("panels").EnumerateArray().Select(panel => new Panel(this, panel))];
    }

    public string Name { get; }

    public JsonElement Json { get; }

    public IReadOnlyList<Panel> Panels { get; }

    public IEnumerable<JsonElement> Variables => Json.GetProperty("templating").GetProperty("list").EnumerateArray();

    /// <summary>The values of the variable that begins metric names, today's first; one empty value where there is none.</summary>
    public IReadOnlyList<string> Prefixes => Variables.FirstOrDefault(variable => variable.GetProperty("name").GetString() == "prefix") is { ValueKind: JsonValueKind.Object } prefix
        ? [.. prefix.GetProperty("options").EnumerateArray().Select(option => option.GetProperty("value").GetString()!)]
        : [""];

    public static IReadOnlyList<Dashboard> ReadAll() =>
        [.. Directory.GetFiles(Path.Combine(Folder, "dashboards"), "*.json").Order(StringComparer.Ordinal).Select(file => new Dashboard(file))];

    public static string Folder { get; } = Path.Combine(RepositoryRoot.Path, "deploy", "observability");

    /// <summary>A query as Grafana sends it, for each value of the variable that begins metric names.</summary>
    public IReadOnlyList<string> Expand(string query) =>
        [.. Prefixes.Select(prefix => query
            .Replace("${prefix:raw}", prefix, StringComparison.Ordinal)
            .Replace("$__rate_interval", "5m", StringComparison.Ordinal)
            .Replace("$namespace", ".*", StringComparison.Ordinal)
            .Replace("$job", ".*", StringComparison.Ordinal)).Distinct()];

    public override string ToString() => Name;

    internal sealed class Panel(Dashboard board, JsonElement json)
    {
        public JsonElement Json { get; } = json;

        public string Title { get; } = $"{board.Name}: {json.GetProperty("title").GetString()}";

        public bool IsRow { get; } = json.GetProperty("type").GetString() == "row";

        public (int X, int Y, int Width, int Height) Place { get; } =
            (Of(json, "x"), Of(json, "y"), Of(json, "w"), Of(json, "h"));

        public IEnumerable<(string Query, string Legend)> Targets => IsRow
            ? []
            : Json.GetProperty("targets").EnumerateArray().Select(target => (target.GetProperty("expr").GetString()!, target.GetProperty("legendFormat").GetString()!));

        private static int Of(JsonElement json, string side) => json.GetProperty("gridPos").GetProperty(side).GetInt32();
    }
}

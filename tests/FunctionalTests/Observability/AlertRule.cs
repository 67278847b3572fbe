using YamlDotNet.Serialization;

namespace FunctionalTests.Observability;

/// <summary>An alert of the shipped rules.</summary>
internal sealed record AlertRule(string Name, string Query, string For, string Severity, IReadOnlyDictionary<string, string> Annotations)
{
    public static string File { get; } = Path.Combine(Dashboard.Folder, "rules", "endpoint-picker.rules.yaml");

    public static IReadOnlyList<AlertRule> ReadAll() =>
        [.. Groups(System.IO.File.ReadAllText(File), "groups").SelectMany(group => List(group["rules"])).Select(rule => new AlertRule(
            (string)rule["alert"],
            (string)rule["expr"],
            (string)rule["for"],
            (string)((Dictionary<object, object>)rule["labels"])["severity"],
            ((Dictionary<object, object>)rule["annotations"]).ToDictionary(pair => (string)pair.Key, pair => (string)pair.Value)))];

    /// <summary>The list under a key at the top of a document.</summary>
    public static IEnumerable<Dictionary<object, object>> Groups(string yaml, string key) => List(new Deserializer().Deserialize<Dictionary<object, object>>(yaml)[key]);

    public static IEnumerable<Dictionary<object, object>> List(object list) => ((List<object>)list).Cast<Dictionary<object, object>>();
}

using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FunctionalTests.Observability;

/// <summary>The schema of log lines against the source that writes them and a log that was written, and what is made of it for log stores.</summary>
[Collection(ObservedPoolTests.Name)]
public sealed partial class LogSchemaTests(ObservedPool pool)
{
    private const string SchemaFile = "logs/epp-log.schema.json";

    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void Schema_HasTheValuesOfEveryMessage() => ShippedFile.Expect(SchemaFile, Write(json =>
    {
        json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
        json.WriteString("title", "A line of the endpoint picker's log");
        json.WriteString("description", "Made from the source by the tests, with EPP_WRITE_DOCS=1. Lines of libraries may have values of other names.");
        json.WriteString("type", "object");
        json.WriteStartArray("required");
        foreach (LogFields.LogField field in LogFields.Envelope.Where(field => field.Required))
        {
            json.WriteStringValue(field.Name);
        }

        json.WriteEndArray();
        json.WriteStartObject("properties");
        foreach (LogFields.LogField field in LogFields.Envelope)
        {
            field.WriteSchema(json, nullable: false);
        }

        foreach (LogFields.LogField field in LogFields.ReadValues())
        {
            field.WriteSchema(json, nullable: true);
        }

        json.WriteEndObject();
        json.WriteBoolean("additionalProperties", true);
    }));

    /// <summary>Not dynamic, and malformed values ignored: what a library says under any name is kept, costs no field, and never has its line refused.</summary>
    [Fact]
    public void IndexTemplate_HasTheFieldsOfTheSchema() => ShippedFile.Expect("logs/elasticsearch-index-template.json", Write(json =>
    {
        json.WriteStartArray("index_patterns");
        json.WriteStringValue("epp-logs-*");
        json.WriteEndArray();
        json.WriteNumber("priority", 200);
        json.WriteStartObject("template");
        json.WriteStartObject("settings");
        json.WriteBoolean("index.mapping.ignore_malformed", true);
        json.WriteEndObject();
        json.WriteStartObject("mappings");
        json.WriteBoolean("dynamic", false);
        json.WriteStartObject("properties");
        foreach (LogFields.LogField field in LogFields.Envelope.Concat(LogFields.ReadValues()))
        {
            field.WriteMapping(json);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }));

    [Fact]
    public void Lines_OfARunningPicker_AreAsTheSchemaSays()
    {
        using JsonDocument document = Read(SchemaFile);
        JsonSchema schema = new(document.RootElement);
        HashSet<string> known = [.. document.RootElement.GetProperty("properties").EnumerateObject().Select(property => property.Name)];
        HashSet<string> events = [];
        foreach (string text in pool.Log)
        {
            using JsonDocument line = JsonDocument.Parse(text);
            string[] faults = [.. schema.Faults(line.RootElement), .. line.RootElement.EnumerateObject().Where(field => !known.Contains(field.Name)).Select(field => $"{field.Name} is unknown")];
            Assert.True(faults.Length == 0, $"{string.Join(", ", faults)}: {text}");
            events.Add(line.RootElement.GetProperty("event").GetString()!);
        }

        Assert.Empty(((string[])["Starting", "Configured", "Listening", "Serving", "Unreachable", "ScrapeFailed", "Wrong", "Kept", "Span", "Draining"]).Except(events));
    }

    [Theory]
    [InlineData("""{"level":"info","ts":"2026-11-21T17:15:38.804Z","logger":"a","msg":"m","streams":3,"parentSpanId":null,"other":[1]}""", 0)]
    [InlineData("""{"level":"loud","ts":"2026-11-21T17:15:38.804Z","logger":"a","msg":"m"}""", 1)]
    [InlineData("""{"level":"info","ts":"2026-11-21 17:15:38","logger":"a","msg":"m"}""", 1)]
    [InlineData("""{"level":"info","ts":"2026-11-21T17:15:38.804Z","logger":1}""", 2)]
    [InlineData("""{"level":"info","ts":"2026-11-21T17:15:38.804Z","logger":"a","msg":"m","streams":"three"}""", 1)]
    [InlineData("[]", 1)]
    public void Schema_OnALine_FindsItsFaults(string line, int faults)
    {
        using JsonDocument document = Read(SchemaFile);
        using JsonDocument value = JsonDocument.Parse(line);
        Assert.Equal(faults, new JsonSchema(document.RootElement).Faults(value.RootElement).Count());
    }

    [Fact]
    public void Collector_NamesFieldsOfTheSchemaAlone()
    {
        using JsonDocument document = Read(SchemaFile);
        string[] known = [.. document.RootElement.GetProperty("properties").EnumerateObject().Select(property => property.Name)];
        string text = File.ReadAllText(Path.Combine(Dashboard.Folder, "logs", "loki.alloy"));
        string[] named = [.. FieldMap().Matches(text).SelectMany(match => Key().Matches(match.Groups[1].Value)).Select(match => match.Groups[1].Value)];
        Assert.Equal(["event", "level", "logger", "ts"], named.Distinct().Order());
        Assert.All(named, name => Assert.Contains(name, known));
    }

    private static JsonDocument Read(string name) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Dashboard.Folder, name)));

    private static string Write(Action<Utf8JsonWriter> content)
    {
        using MemoryStream text = new();
        using (Utf8JsonWriter json = new(text, Indented))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.ToArray()) + "\n";
    }

    [GeneratedRegex(@"(?:expressions|values) = \{([^}]*)\}")]
    private static partial Regex FieldMap();

    [GeneratedRegex(@"(\w+) = ")]
    private static partial Regex Key();
}

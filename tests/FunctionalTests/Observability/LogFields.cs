using System.Text.Json;
using System.Text.RegularExpressions;
using Testing;

namespace FunctionalTests.Observability;

/// <summary>The fields of log lines: those of every line, and the values of each message, read from the product's source.</summary>
internal static partial class LogFields
{
    /// <summary>What each line can have, whatever it says.</summary>
    public static IReadOnlyList<LogField> Envelope { get; } =
    [
        new("level", "string", "How bad it is.") { Values = ["trace", "debug", "info", "warn", "error", "panic"], Required = true },
        new("ts", "string", "When, by RFC 3339 in UTC.") { Pattern = @"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$", Required = true },
        new("logger", "string", "The part that speaks; libraries have their full names.") { Required = true },
        new("event", "string", "What happened, by a name that does not change with the text. Lines of libraries may have none."),
        new("msg", "string", "The text.") { Required = true },
        new("error", "string", "What went wrong: an exception's message, or a value of the text."),
        new("stacktrace", "string", "Of an exception."),
    ];

    // Spans are logged without a message of the usual kind, where OTEL_TRACES_EXPORTER has console.
    private static readonly (string Name, string Type)[] Span =
    [
        ("span", "string"), ("traceId", "string"), ("spanId", "string"), ("parentSpanId", "string"), ("kind", "string"), ("start", "string"),
        ("milliseconds", "number"), ("status", "string"), ("statusMessage", "string"), ("attributes", "object"),
    ];

    /// <summary>The values that texts name, by name; the test fails where two messages disagree on the type of one.</summary>
    public static IReadOnlyList<LogField> ReadValues()
    {
        SortedDictionary<string, (string Type, SortedSet<string> Events)> fields = new(StringComparer.Ordinal);
        foreach ((string name, string type) in Span)
        {
            Add(name, type, "Span");
        }

        foreach (string file in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "src"), "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string text = File.ReadAllText(file);
            MatchCollection messages = Message().Matches(text);
            Assert.True(Attribute().Count(text) == messages.Count, $"{file} declares a message in a way that is not understood here");
            foreach (Match message in messages)
            {
                (string Type, string Name)[] parameters = [.. Parameter().Matches(message.Groups["parameters"].Value).Select(match => (match.Groups[1].Value, match.Groups[2].Value))];
                bool hasException = parameters.Any(parameter => parameter.Type == "Exception");
                foreach ((string type, string name) in parameters.Where(parameter => parameter.Type is not ("ILogger" or "Exception")))
                {
                    Add(IsTaken(name, hasException) ? name + "_" : name, JsonType(type), message.Groups["event"].Value);
                }
            }
        }

        return [.. fields.Where(field => Envelope.All(known => known.Name != field.Key)).Select(field => new LogField(field.Key, field.Value.Type, $"Of {string.Join(", ", field.Value.Events)}."))];

        void Add(string name, string type, string from)
        {
            if (!fields.TryGetValue(name, out (string Type, SortedSet<string> Events) known))
            {
                fields[name] = known = (type, new SortedSet<string>(StringComparer.Ordinal));
            }

            known.Events.Add(from);
            Assert.True(known.Type == type, $"{name} is {known.Type} in one of {string.Join(", ", known.Events)} and {type} in another: an index cannot hold both, name one of them anew");
        }
    }

    private static bool IsTaken(string name, bool hasException) =>
        name is "level" or "ts" or "logger" or "event" or "msg" || (hasException && name is "error" or "stacktrace");

    // As the formatter writes them; what it does not know becomes text.
    private static string JsonType(string type) => type.TrimEnd('?') switch
    {
        "bool" => "boolean",
        "int" or "long" or "uint" or "ulong" or "short" or "byte" => "integer",
        "double" => "number",
        string name when name.EndsWith("[]", StringComparison.Ordinal) => "array",
        _ => "string",
    };

    [GeneratedRegex("""\[LoggerMessage\((?<attribute>(?:[^\[\]"]|"(?:[^"\\]|\\.)*")*)\)\]\s*public static partial void (?<event>\w+)\((?<parameters>[^;]*)\);""")]
    private static partial Regex Message();

    [GeneratedRegex(@"\[LoggerMessage\b")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"([\w.]+(?:<[^>]*>)?(?:\[\])?\??) @?(\w+)(?:,|$)")]
    private static partial Regex Parameter();

    /// <summary>One field.</summary>
    internal sealed record LogField(string Name, string Type, string Meaning)
    {
        public IReadOnlyList<string>? Values { get; init; }

        public string? Pattern { get; init; }

        public bool Required { get; init; }

        public void WriteSchema(Utf8JsonWriter json, bool nullable)
        {
            json.WriteStartObject(Name);
            json.WriteString("description", Meaning);
            if (nullable)
            {
                json.WriteStartArray("type");
                json.WriteStringValue(Type);
                json.WriteStringValue("null");
                json.WriteEndArray();
            }
            else
            {
                json.WriteString("type", Type);
            }

            if (Values is not null)
            {
                json.WriteStartArray("enum");
                foreach (string value in Values)
                {
                    json.WriteStringValue(value);
                }

                json.WriteEndArray();
            }

            if (Pattern is not null)
            {
                json.WriteString("pattern", Pattern);
            }

            json.WriteEndObject();
        }

        public void WriteMapping(Utf8JsonWriter json)
        {
            json.WriteStartObject(Name);
            json.WriteString("type", (Name, Type) switch
            {
                ("ts", _) => "date",
                ("msg" or "error" or "stacktrace", _) => "text",
                (_, "integer") => "long",
                (_, "number") => "double",
                (_, "boolean") => "boolean",
                (_, "object") => "flattened",
                _ => "keyword",
            });
            if (Type == "string" && Name is not ("ts" or "msg" or "error" or "stacktrace"))
            {
                json.WriteNumber("ignore_above", 1024);
            }

            json.WriteEndObject();
        }
    }
}

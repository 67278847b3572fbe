using System.Globalization;
using EndpointPicker.Configuration;
using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Configuration.Yaml;

namespace EndpointPicker.Cluster;

/// <summary>Reads the text of an endpoint file, YAML or JSON.</summary>
internal static class EndpointFileReader
{
    private static readonly RawField Endpoints = new("endpoints", "The endpoints.") { Required = true, Expected = "list" };
    private static readonly Schema Root = new(Endpoints);

    private static readonly TextField Name = new("name", "", "A name, unique in its namespace; address and port where absent.");
    private static readonly TextField Namespace = new("namespace", "default", "The namespace.");
    private static readonly TextField Address = new("address", "", "An IPv4 or IPv6 address, or a host name.") { Required = true };
    private static readonly TextField Port = new("port", "", "1 to 65535.") { Required = true };
    private static readonly TextMapField Labels = new("labels", "The labels.");
    private static readonly Schema Entry = new(Name, Namespace, Address, Port, Labels);

    /// <summary>Reads all entries.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="report">Takes what is wrong; with an error the entries are not complete.</param>
    /// <returns>The entries that are right.</returns>
    public static IReadOnlyList<EndpointEntry> Read(string text, DiagnosticReport report)
    {
        ConfigNode? tree = YamlTreeReader.Read(text, report);
        if (tree is null)
        {
            if (report.Errors == 0)
            {
                report.Error(SourcePosition.Start, "the file is empty", "write 'endpoints: []' if there shall be none");
            }

            return [];
        }

        SchemaReading reading = new(report, AnyCase: false, "") { ToleratesUnknown = true };
        FieldValues root = Root.Read(tree, reading, tree.Position);
        if (root.Get(Endpoints) is not SequenceNode list)
        {
            if (root.Get(Endpoints) is { } other)
            {
                report.Error(other.Position, $"endpoints must be a list, not {other.Kind}", "write '- ' before each endpoint");
            }

            return [];
        }

        return ReadEntries(list, reading.Within(Endpoints.Name));
    }

    private static List<EndpointEntry> ReadEntries(SequenceNode list, in SchemaReading reading)
    {
        List<EndpointEntry> entries = [];
        Dictionary<(string, string), SourcePosition> names = [];
        Dictionary<(string, int), string> places = [];
        for (int i = 0; i < list.Items.Count; i++)
        {
            int errors = reading.Report.Errors;
            FieldValues values = Entry.Read(list.Items[i], reading.Within($"[{i}]"), list.Items[i].Position);
            if (reading.Report.Errors > errors || ReadEntry(values, reading.Report) is not { } entry)
            {
                continue;
            }

            if (!names.TryAdd((entry.Namespace, entry.Name), values.Position))
            {
                SourcePosition first = names[(entry.Namespace, entry.Name)];
                reading.Report.Error(
                    values.At(Name),
                    $"two endpoints are called '{entry.Namespace}/{entry.Name}'",
                    $"give one of them another name; the first is in line {first.Line}");
                continue;
            }

            if (!places.TryAdd((entry.Host.Text, entry.Port), entry.Name))
            {
                reading.Report.Warning(
                    values.At(Address),
                    $"'{entry.Name}' is at the same address and port as '{places[(entry.Host.Text, entry.Port)]}'",
                    "remove one of them, or it gets twice its share");
            }

            entries.Add(entry);
        }

        return entries;
    }

    private static EndpointEntry? ReadEntry(FieldValues values, DiagnosticReport report)
    {
        string address = values.Get(Address);
        bool hasHost = EndpointHost.TryParse(address, out EndpointHost? host);
        if (!hasHost)
        {
            report.Error(values.At(Address), $"'{address}' is neither an IP address nor a host name", "write for example 10.0.0.7, fd00::7 or model-1.example");
        }

        bool hasPort = int.TryParse(values.Get(Port), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is >= 1 and <= 65535;
        if (!hasPort)
        {
            report.Error(values.At(Port), $"'{values.Get(Port)}' is no port", "write a number from 1 to 65535");
        }

        if (!hasHost || !hasPort)
        {
            return null;
        }

        string name = values.Get(Name) is { Length: > 0 } given ? given : string.Create(CultureInfo.InvariantCulture, $"{host!.Text}:{port}");
        string space = values.Get(Namespace) is { Length: > 0 } named ? named : "default";
        return new EndpointEntry(space, name, host!, port, values.Get(Labels));
    }
}

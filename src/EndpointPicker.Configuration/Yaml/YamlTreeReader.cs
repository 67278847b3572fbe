using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace EndpointPicker.Configuration.Yaml;

/// <summary>Reads the first document of a YAML or JSON text. Whatever the text is, the result is a value or findings, never an exception.</summary>
public static class YamlTreeReader
{
    // Deeper than any configuration, and shallow enough for the stack of the recursive readers.
    private const int MaxDepth = 64;

    // Aliases share nodes, so a short text can stand for an endless one; readers walk every path.
    private const int MaxAliases = 1000;

    /// <summary>Reads a text.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="report">Takes the findings.</param>
    /// <returns>The document; <see langword="null"/> where it is empty or cannot be read, and then the report says why.</returns>
    public static ConfigNode? Read(string text, DiagnosticReport report)
    {
        Parser parser = new(new StringReader(text));
        try
        {
            return new Walk(parser, report).Document();
        }
        catch (YamlException broken)
        {
            SourcePosition at = new((int)Math.Max(1, broken.Start.Line), (int)Math.Max(1, broken.Start.Column));
            report.Error(at, "this is not YAML: " + Cause(broken), "correct the indentation, quotes or brackets here or shortly before");
            return null;
        }
        catch (Exception surprised) when (surprised is InvalidOperationException or ArgumentException or ArithmeticException or IndexOutOfRangeException)
        {
            // The scanner of YamlDotNet 16.3 loses its state on some damaged texts instead of telling what is wrong with them.
            SourcePosition after = parser.Current is { } last ? new((int)last.End.Line, (int)last.End.Column) : SourcePosition.Start;
            report.Error(after, "this is not YAML: unexpected text", "correct the indentation, quotes or brackets shortly after this place");
            return null;
        }
    }

    private static string Cause(YamlException broken)
    {
        string cause = broken.Message.TrimEnd('.');
        return cause.Length == 0 ? "unexpected text" : char.ToLower(cause[0], CultureInfo.InvariantCulture) + cause[1..];
    }

    private sealed class Walk(IParser parser, DiagnosticReport report)
    {
        private readonly Dictionary<AnchorName, ConfigNode> _anchors = [];
        private int _aliases;

        public ConfigNode? Document()
        {
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                return null;
            }

            ConfigNode root = Node(0);
            parser.Consume<DocumentEnd>();
            if (parser.Accept<DocumentStart>(out _))
            {
                report.Warning(At(parser.Current!), "only the first document of the text is read", "remove what follows '---'");
            }

            return root is ScalarNode { IsNull: true } ? null : root;
        }

        private ConfigNode Node(int depth)
        {
            if (depth > MaxDepth)
            {
                throw new YamlException(parser.Current!.Start, parser.Current.End, "nested too deeply");
            }

            if (parser.Accept<AnchorAlias>(out _))
            {
                return Alias(parser.Consume<AnchorAlias>());
            }

            NodeEvent start = parser.Consume<NodeEvent>();
            ConfigNode node = start switch
            {
                Scalar scalar => new ScalarNode(At(scalar), scalar.Value, scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any)),
                SequenceStart => Sequence(start, depth),
                _ => Mapping(start, depth),
            };
            if (!start.Anchor.IsEmpty)
            {
                _anchors[start.Anchor] = node;
            }

            return node;
        }

        private ConfigNode Alias(AnchorAlias alias)
        {
            if (++_aliases > MaxAliases)
            {
                throw new YamlException(alias.Start, alias.End, "too many aliases");
            }

            return _anchors.TryGetValue(alias.Value, out ConfigNode? node)
                ? node
                : throw new YamlException(alias.Start, alias.End, $"the anchor '{alias.Value}' is not defined above");
        }

        private SequenceNode Sequence(ParsingEvent start, int depth)
        {
            List<ConfigNode> items = [];
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(Node(depth + 1));
            }

            return new SequenceNode(At(start), items);
        }

        private MappingNode Mapping(ParsingEvent start, int depth)
        {
            List<KeyValuePair<ScalarNode, ConfigNode>> entries = [];
            Dictionary<string, SourcePosition> seen = new(StringComparer.Ordinal);
            List<ConfigNode> merged = [];
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                ConfigNode key = Node(depth + 1);
                ConfigNode value = Node(depth + 1);
                if (key is not ScalarNode name)
                {
                    report.Error(key.Position, "a key must be a text", "give the entry a name");
                }
                else if (name is { Text: "<<", Quoted: false })
                {
                    merged.Add(value);
                }
                else if (seen.TryAdd(name.Text, name.Position))
                {
                    entries.Add(new(name, value));
                }
                else
                {
                    report.Error(name.Position, $"'{name.Text}' is given twice", $"keep one; the first is in line {seen[name.Text].Line}");
                }
            }

            foreach (ConfigNode source in merged)
            {
                Merge(source, entries, seen);
            }

            return new MappingNode(At(start), entries);
        }

        private void Merge(ConfigNode source, List<KeyValuePair<ScalarNode, ConfigNode>> entries, Dictionary<string, SourcePosition> seen)
        {
            switch (source)
            {
                case MappingNode mapping:
                    entries.AddRange(mapping.Entries.Where(entry => seen.TryAdd(entry.Key.Text, entry.Key.Position)));
                    break;
                case SequenceNode sequence when sequence.Items.All(item => item is MappingNode):
                    foreach (ConfigNode item in sequence.Items)
                    {
                        Merge(item, entries, seen);
                    }

                    break;
                default:
                    report.Error(source.Position, "'<<' takes an object or a list of objects", "name an anchor of an object");
                    break;
            }
        }

        private static SourcePosition At(ParsingEvent at) => new((int)at.Start.Line, (int)at.Start.Column);
    }
}

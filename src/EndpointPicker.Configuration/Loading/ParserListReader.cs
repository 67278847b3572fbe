using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Plugins;
using EndpointPicker.Configuration.Schemas;

namespace EndpointPicker.Configuration.Loading;

/// <summary>Reads which parsers read request bodies, in order.</summary>
internal sealed class ParserListReader(PluginSet plugins, DiagnosticReport report)
{
    private static readonly string[] Defaults = ["openai-parser", "anthropic-parser", "vllmhttp-parser", "passthrough-parser"];

    public IReadOnlyList<PluginDefinition> Read(FieldValues root)
    {
        IReadOnlyList<FieldValues> named = root.Get(Envelope.RequestHandler)?.Get(Envelope.Parsers) ?? [];
        if (root.Get(Envelope.Parser) is { } old)
        {
            report.Warning(
                root.At(Envelope.Parser),
                named.Count == 0 ? "'parser' is deprecated" : "'parser' is deprecated, and 'requestHandler.parsers' overrides it",
                named.Count == 0 ? "move it to 'requestHandler.parsers'" : "remove it");
            named = named.Count == 0 ? [old] : named;
        }

        List<PluginDefinition> parsers = [];
        if (named.Count == 0)
        {
            parsers.AddRange(Defaults.Select(plugins.FindOrInject).OfType<PluginDefinition>());
            return parsers;
        }

        foreach (FieldValues entry in named)
        {
            Add(entry.Get(Envelope.PluginRef), entry.At(Envelope.PluginRef), parsers);
        }

        return parsers;
    }

    private void Add(string name, SourcePosition at, List<PluginDefinition> parsers)
    {
        if (Resolve(name, at) is not { } parser)
        {
            return;
        }

        if (parsers.Exists(known => known.Type == parser.Type))
        {
            report.Warning(at, $"'{name}' is a second parser of type '{parser.Type.Name}' and is not used", "remove it");
        }
        else if (parsers.Find(known => known.Type is PassthroughParserType) is { } fallback)
        {
            report.Warning(at, $"'{name}' is never asked, because '{fallback.Name}' before it takes every request", $"move it before '{fallback.Name}'");
        }
        else
        {
            parsers.Add(parser);
        }
    }

    private PluginDefinition? Resolve(string name, SourcePosition at)
    {
        if (name.Length == 0)
        {
            return null;
        }

        if (plugins.Declares(name))
        {
            return plugins.Resolve(name, at, PluginRoles.Parser, "requestHandler.parsers");
        }

        PluginType? type = plugins.Catalog.Find(name, at, report);
        if (type is not null && (type.Roles & PluginRoles.Parser) == 0)
        {
            report.Error(at, $"'{name}' is a {RoleNames.Of(type.Roles)} and no parser", "refer to a parser");
            return null;
        }

        return type is null ? null : plugins.FindOrInject(type.Name);
    }
}

using EndpointPicker.Configuration.DataLayer;
using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Configuration.Yaml;

namespace EndpointPicker.Configuration.Plugins;

/// <summary>A metric specification; empty or absent for none.</summary>
internal sealed class MetricSpecField(string name, string meaning) : Field<MetricSpec?>(name, null, meaning)
{
    public override string Kind => "family or family{label=value}";

    internal override string Format(MetricSpec? value) => YamlText.Quote(value!.ToString());

    internal override bool TryRead(ConfigNode node, in SchemaReading reading, out MetricSpec? value)
    {
        value = null;
        if (node is ScalarNode { Text.Length: 0 } && !Required)
        {
            return true;
        }

        string error = $"it is {node.Kind}";
        if (node is ScalarNode scalar && MetricSpec.TryParse(scalar.Text, out value, out string? wrong))
        {
            return true;
        }
        else if (node is ScalarNode text)
        {
            _ = MetricSpec.TryParse(text.Text, out _, out wrong);
            error = wrong!;
        }

        reading.Report.Error(node.Position, $"{reading.Path} is no metric specification: {error}", "write 'family' or 'family{label=value}'");
        return false;
    }
}

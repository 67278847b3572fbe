using EndpointPicker.Configuration.Yaml;

namespace EndpointPicker.Configuration.Schemas;

/// <summary>True or false.</summary>
/// <param name="name">The name.</param>
/// <param name="fallback">The value where the field is absent.</param>
/// <param name="meaning">A sentence for the documentation.</param>
public sealed class SwitchField(string name, bool fallback, string meaning) : Field<bool>(name, fallback, meaning)
{
    /// <inheritdoc/>
    public override string Kind => "true or false";

    internal override string Format(bool value) => value ? "true" : "false";

    internal override bool TryRead(ConfigNode node, in SchemaReading reading, out bool value)
    {
        // The words that YAML 1.1 takes for switches, as the reference reads them.
        switch (node is ScalarNode { Quoted: false } scalar ? scalar.Text : "")
        {
            case "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" or "y" or "Y":
                value = true;
                return true;
            case "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" or "n" or "N":
                value = false;
                return true;
            default:
                reading.Report.Error(node.Position, $"{reading.Path} must be true or false, not {node.Kind}", "write true or false, without quotes");
                value = Default;
                return false;
        }
    }
}

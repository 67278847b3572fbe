using System.Globalization;
using EndpointPicker.Configuration.Values;
using EndpointPicker.Configuration.Yaml;

namespace EndpointPicker.Configuration.Schemas;

/// <summary>A Kubernetes quantity, not negative.</summary>
/// <param name="name">The name.</param>
/// <param name="fallback">The value where the field is absent.</param>
/// <param name="meaning">A sentence for the documentation.</param>
public sealed class QuantityField(string name, long fallback, string meaning) : Field<long>(name, fallback, meaning)
{
    /// <inheritdoc/>
    public override string Kind => "quantity";

    internal override string Format(long value) => value.ToString(CultureInfo.InvariantCulture);

    internal override bool TryRead(ConfigNode node, in SchemaReading reading, out long value)
    {
        value = Default;
        if (node is not ScalarNode scalar || !Quantity.TryParse(scalar.Text, out long read))
        {
            reading.Report.Error(node.Position, $"{reading.Path} must be a quantity, not {node.Kind}", "write a number, with a unit if you like: 500M, 1Gi");
            return false;
        }

        if (read < 0)
        {
            reading.Report.Error(node.Position, $"{reading.Path} cannot be {scalar.Text}", "write 0 or more");
            return false;
        }

        value = read;
        return true;
    }
}

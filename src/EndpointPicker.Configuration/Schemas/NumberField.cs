using System.Globalization;
using EndpointPicker.Configuration.Yaml;

namespace EndpointPicker.Configuration.Schemas;

/// <summary>A number.</summary>
/// <param name="name">The name.</param>
/// <param name="fallback">The value where the field is absent.</param>
/// <param name="meaning">A sentence for the documentation.</param>
public sealed class NumberField(string name, double fallback, string meaning) : Field<double>(name, fallback, meaning)
{
    /// <summary>The least value.</summary>
    public double Min { get; init; } = double.MinValue;

    /// <summary>The greatest value.</summary>
    public double Max { get; init; } = double.MaxValue;

    /// <summary>Whether <see cref="Min"/> itself is not allowed.</summary>
    public bool AboveMin { get; init; }

    /// <inheritdoc/>
    public override string Kind => "number" + Bounds;

    private string Bounds => (Min, Max) switch
    {
        (double.MinValue, double.MaxValue) => "",
        (_, double.MaxValue) => (AboveMin ? " > " : " >= ") + Format(Min),
        (double.MinValue, _) => " <= " + Format(Max),
        _ => AboveMin ? $" > {Format(Min)} and <= {Format(Max)}" : $" from {Format(Min)} to {Format(Max)}",
    };

    internal override string Format(double value) => value.ToString("0.################", CultureInfo.InvariantCulture);

    internal override bool TryRead(ConfigNode node, in SchemaReading reading, out double value)
    {
        value = Default;
        if (node is not ScalarNode { Quoted: false } scalar
            || !double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double read)
            || !double.IsFinite(read))
        {
            reading.Report.Error(node.Position, $"{reading.Path} must be a number, not {node.Kind}", "write a number without quotes");
            return false;
        }

        if (read < Min || read > Max || (AboveMin && read == Min))
        {
            reading.Report.Error(node.Position, $"{reading.Path} cannot be {scalar.Text}", $"write a number{Bounds}");
            return false;
        }

        value = read;
        return true;
    }
}

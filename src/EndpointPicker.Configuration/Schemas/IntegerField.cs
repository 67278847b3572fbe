using System.Globalization;
using EndpointPicker.Configuration.Yaml;

namespace EndpointPicker.Configuration.Schemas;

/// <summary>A whole number.</summary>
/// <param name="name">The name.</param>
/// <param name="fallback">The value where the field is absent.</param>
/// <param name="meaning">A sentence for the documentation.</param>
public sealed class IntegerField(string name, int fallback, string meaning) : Field<int>(name, fallback, meaning)
{
    /// <summary>The least value.</summary>
    public int Min { get; init; } = int.MinValue;

    /// <summary>The greatest value.</summary>
    public int Max { get; init; } = int.MaxValue;

    /// <summary>What the documentation shows as default where the value does not say it.</summary>
    public string? DefaultMeaning { get; init; }

    /// <inheritdoc/>
    public override string Kind => "whole number" + Bounds;

    /// <inheritdoc/>
    public override string DefaultText => DefaultMeaning ?? base.DefaultText;

    internal override object? DefaultValue => DefaultMeaning is null ? Default : null;

    private string Bounds => (Min, Max) switch
    {
        (int.MinValue, int.MaxValue) => "",
        (_, int.MaxValue) => $" >= {Min}",
        (int.MinValue, _) => $" <= {Max}",
        _ => $" from {Min} to {Max}",
    };

    internal override string Format(int value) => value.ToString(CultureInfo.InvariantCulture);

    internal override bool TryRead(ConfigNode node, in SchemaReading reading, out int value)
    {
        value = Default;
        if (node is not ScalarNode { Quoted: false } scalar || !TryParse(scalar.Text, out double read) || read != Math.Floor(read))
        {
            reading.Report.Error(node.Position, $"{reading.Path} must be a whole number, not {node.Kind}", "write a whole number without quotes");
            return false;
        }

        if (read < Min || read > Max)
        {
            string range = Bounds.Length == 0 ? $" from {int.MinValue} to {int.MaxValue}" : Bounds;
            reading.Report.Error(node.Position, $"{reading.Path} cannot be {scalar.Text}", $"write a whole number{range}");
            return false;
        }

        value = (int)read;
        return true;
    }

    // YAML 1.1 also knows 1_000 and 0x10, and 1e3 is whole; doubles hold every int exactly.
    private static bool TryParse(string text, out double value)
    {
        string digits = text.Replace("_", "", StringComparison.Ordinal);
        if (digits.StartsWith("0x", StringComparison.Ordinal)
            && long.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long hex))
        {
            value = hex;
            return true;
        }

        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }
}

using System.Globalization;
using EndpointPicker.Configuration.Values;
using EndpointPicker.Configuration.Yaml;

namespace EndpointPicker.Configuration.Schemas;

/// <summary>A duration as Go writes it; <see langword="null"/> where neither text nor default gives one.</summary>
/// <param name="name">The name.</param>
/// <param name="fallback">The value where the field is absent.</param>
/// <param name="meaning">A sentence for the documentation.</param>
public sealed class DurationField(string name, TimeSpan? fallback, string meaning) : Field<TimeSpan?>(name, fallback, meaning)
{
    /// <summary>Whether zero is not allowed.</summary>
    public bool Positive { get; init; }

    /// <inheritdoc/>
    public override string Kind => "duration";

    internal override string Format(TimeSpan? value) => value is null ? "" : Format(value.Value);

    internal override bool TryRead(ConfigNode node, in SchemaReading reading, out TimeSpan? value)
    {
        value = Default;
        if (node is not ScalarNode scalar || (scalar.Text.Length == 0 && !Required))
        {
            return node is ScalarNode || Refuse(node, reading);
        }

        if (!GoDuration.TryParse(scalar.Text, out TimeSpan read))
        {
            return Refuse(node, reading);
        }

        if (read < TimeSpan.Zero || (Positive && read == TimeSpan.Zero))
        {
            reading.Report.Error(node.Position, $"{reading.Path} cannot be {scalar.Text}", Positive ? "write a duration above 0" : "write 0s or more");
            return false;
        }

        value = read;
        return true;
    }

    private static string Format(TimeSpan value)
    {
        if (value < TimeSpan.FromSeconds(1))
        {
            return value == TimeSpan.Zero ? "0s" : string.Create(CultureInfo.InvariantCulture, $"{value.TotalMilliseconds:0.####}ms");
        }

        decimal seconds = value.Ticks % TimeSpan.TicksPerMinute / (decimal)TimeSpan.TicksPerSecond;
        string minutes = value < TimeSpan.FromMinutes(1) ? "" : string.Create(CultureInfo.InvariantCulture, $"{value.Ticks / TimeSpan.TicksPerMinute}m");
        return seconds == 0 ? minutes : string.Create(CultureInfo.InvariantCulture, $"{minutes}{seconds:0.#######}s");
    }

    private static bool Refuse(ConfigNode node, in SchemaReading reading)
    {
        reading.Report.Error(node.Position, $"{reading.Path} must be a duration, not {node.Kind}", "write a number with its unit, for example 60s, 1m30s or 200ms");
        return false;
    }
}

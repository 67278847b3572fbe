namespace EndpointPicker.Core.Scheduling.Scorers;

/// <summary>The reference's min-max formula: (max - value) / (max - min), and 1 for all where all are equal.</summary>
internal static class LowerIsBetter
{
    /// <summary>Marks a value that is not known.</summary>
    public const double Unknown = double.NaN;

    /// <summary>Turns values into scores in place; an unknown value scores 0, as the worst does, and does not widen the range.</summary>
    public static void Normalise(Span<double> values)
    {
        double min = double.PositiveInfinity;
        double max = double.NegativeInfinity;
        foreach (double value in values)
        {
            min = value < min ? value : min;
            max = value > max ? value : max;
        }

        double range = max - min;
        for (int i = 0; i < values.Length; i++)
        {
            double value = values[i];
            values[i] = double.IsNaN(value) ? 0 : range > 0 ? (max - value) / range : 1;
        }
    }
}

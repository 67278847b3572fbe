using System.Numerics;

namespace EndpointPicker.Core.Scheduling.Scorers;

/// <summary>The reference's min-max formula: (max - value) / (max - min), and 1 for all where all are equal.</summary>
internal static class LowerIsBetter
{
    /// <summary>Marks a value that is not known.</summary>
    public const double Unknown = double.NaN;

    /// <summary>Turns values into scores in place; an unknown value scores 0, as the worst does, and does not widen the range.</summary>
    public static void Normalise(Span<double> values)
    {
        (double min, double max) = Range(values);
        double range = max - min;
        int i = 0;
        for (; i <= values.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector<double> value = new(values[i..]);
            Vector<double> score = range > 0 ? (new Vector<double>(max) - value) / new Vector<double>(range) : Vector<double>.One;
            Vector.ConditionalSelect(Vector.Equals(value, value), score, Vector<double>.Zero).CopyTo(values[i..]);
        }

        for (; i < values.Length; i++)
        {
            values[i] = double.IsNaN(values[i]) ? 0 : range > 0 ? (max - values[i]) / range : 1;
        }
    }

    private static (double Min, double Max) Range(ReadOnlySpan<double> values)
    {
        double min = double.PositiveInfinity;
        double max = double.NegativeInfinity;
        int i = 0;
        if (values.Length >= Vector<double>.Count)
        {
            Vector<double> mins = new(min);
            Vector<double> maxs = new(max);
            for (; i <= values.Length - Vector<double>.Count; i += Vector<double>.Count)
            {
                Vector<double> value = new(values[i..]);
                Vector<long> known = Vector.Equals(value, value);
                mins = Vector.MinNative(mins, Vector.ConditionalSelect(known, value, mins));
                maxs = Vector.MaxNative(maxs, Vector.ConditionalSelect(known, value, maxs));
            }

            for (int lane = 0; lane < Vector<double>.Count; lane++)
            {
                min = Math.Min(min, mins[lane]);
                max = Math.Max(max, maxs[lane]);
            }
        }

        for (; i < values.Length; i++)
        {
            min = double.MinNumber(min, values[i]);
            max = double.MaxNumber(max, values[i]);
        }

        return (min, max);
    }
}

using System.Buffers;
using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling.Pickers;

/// <summary>
/// <c>weighted-random-picker</c>: by chance, in proportion to the total, without replacement. Algorithm A-Res (Efraimidis and Spirakis, 2006):
/// each candidate draws the key U^(1/total), and the highest keys win; the logarithm of the key orders them alike. Candidates without a positive
/// total come after all others; where none has one, the choice is the random picker's.
/// </summary>
public sealed class WeightedRandomPicker(PickerOptions options) : IPicker
{
    private readonly RandomPicker _unweighted = new(options);

    /// <inheritdoc/>
    public int Pick(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates, ReadOnlySpan<double> totals, Span<int> picks)
    {
        double[] keys = ArrayPool<double>.Shared.Rent(totals.Length);
        try
        {
            return Draw(totals, keys, context.Random)
                ? Highest(keys.AsSpan(0, totals.Length), picks)
                : _unweighted.Pick(context, candidates, totals, picks);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(keys);
        }
    }

    // Keys are in (-inf, 0] for positive totals. The others draw below all of those, so that their order is left to chance too.
    private static bool Draw(ReadOnlySpan<double> totals, double[] keys, Random random)
    {
        bool any = false;
        for (int i = 0; i < totals.Length; i++)
        {
            double chance = 1 - random.NextDouble();
            bool positive = totals[i] > 0;
            any |= positive;
            keys[i] = positive ? Math.Max(Math.Log(chance) / totals[i], -double.MaxValue / 4) : -double.MaxValue * (0.5 + (chance / 4));
        }

        return any;
    }

    private int Highest(Span<double> keys, Span<int> picks)
    {
        int count = options.Count(keys.Length);
        for (int rank = 0; rank < count; rank++)
        {
            int best = 0;
            for (int i = 1; i < keys.Length; i++)
            {
                best = keys[i] > keys[best] ? i : best;
            }

            picks[rank] = best;
            keys[best] = double.NegativeInfinity;
        }

        return count;
    }
}

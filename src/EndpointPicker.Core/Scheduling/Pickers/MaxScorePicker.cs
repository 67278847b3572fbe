using System.Numerics;
using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling.Pickers;

/// <summary>
/// <c>max-score-picker</c>: the highest totals; exactly equal ones are ordered by chance, each order as likely as any other. One pass and one
/// random number an endpoint picked, where the reference shuffles and sorts.
/// </summary>
public sealed class MaxScorePicker(PickerOptions options) : IPicker
{
    /// <inheritdoc/>
    public int Pick(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates, ReadOnlySpan<double> totals, Span<int> picks)
    {
        int count = options.Count(candidates.Length);
        if (count == 1)
        {
            picks[0] = Best(totals, context.Random);
            return 1;
        }

        for (int i = 0; i < candidates.Length; i++)
        {
            picks[i] = i;
        }

        for (int rank = 0; rank < count; rank++)
        {
            int best = Best(totals, picks[rank..candidates.Length], context.Random) + rank;
            (picks[rank], picks[best]) = (picks[best], picks[rank]);
        }

        return count;
    }

    private static int Best(ReadOnlySpan<double> totals, Random random)
    {
        double best = Highest(totals);
        int ties = 0;
        int first = 0;
        for (int i = totals.Length - 1; i >= 0; i--)
        {
            if (totals[i] == best)
            {
                ties++;
                first = i;
            }
        }

        int skip = ties <= 1 ? 0 : random.Next(ties);
        while (skip > 0)
        {
            skip -= totals[++first] == best ? 1 : 0;
        }

        return first;
    }

    private static double Highest(ReadOnlySpan<double> totals)
    {
        double best = double.NegativeInfinity;
        int i = 0;
        if (totals.Length >= Vector<double>.Count)
        {
            Vector<double> bests = new(best);
            for (; i <= totals.Length - Vector<double>.Count; i += Vector<double>.Count)
            {
                bests = Vector.MaxNative(bests, new Vector<double>(totals[i..]));
            }

            for (int lane = 0; lane < Vector<double>.Count; lane++)
            {
                best = Math.Max(best, bests[lane]);
            }
        }

        for (; i < totals.Length; i++)
        {
            best = Math.Max(best, totals[i]);
        }

        return best;
    }

    private static int Best(ReadOnlySpan<double> totals, ReadOnlySpan<int> indexes, Random random)
    {
        int best = 0;
        int ties = 1;
        for (int i = 1; i < indexes.Length; i++)
        {
            double total = totals[indexes[i]];
            if (total > totals[indexes[best]])
            {
                best = i;
                ties = 1;
            }
            else if (total == totals[indexes[best]] && random.Next(++ties) == 0)
            {
                best = i;
            }
        }

        return best;
    }
}

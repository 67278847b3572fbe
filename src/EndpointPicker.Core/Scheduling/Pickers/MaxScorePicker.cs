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
        double best = totals[0];
        int ties = 1;
        int first = 0;
        for (int i = 1; i < totals.Length; i++)
        {
            if (totals[i] > best)
            {
                best = totals[i];
                first = i;
                ties = 1;
            }
            else if (totals[i] == best)
            {
                ties++;
            }
        }

        int skip = ties == 1 ? 0 : random.Next(ties);
        while (skip > 0)
        {
            skip -= totals[++first] == best ? 1 : 0;
        }

        return first;
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

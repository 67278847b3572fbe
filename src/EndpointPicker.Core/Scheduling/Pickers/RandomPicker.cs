using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling.Pickers;

/// <summary><c>random-picker</c>: any candidates, each order as likely as any other; totals do not count.</summary>
public sealed class RandomPicker(PickerOptions options) : IPicker
{
    /// <inheritdoc/>
    public int Pick(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates, ReadOnlySpan<double> totals, Span<int> picks)
    {
        int count = options.Count(candidates.Length);
        if (count == 1)
        {
            picks[0] = context.Random.Next(candidates.Length);
            return 1;
        }

        for (int i = 0; i < candidates.Length; i++)
        {
            picks[i] = i;
        }

        for (int rank = 0; rank < count; rank++)
        {
            int other = context.Random.Next(rank, candidates.Length);
            (picks[rank], picks[other]) = (picks[other], picks[rank]);
        }

        return count;
    }
}

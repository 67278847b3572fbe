using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.RequestControl;

/// <summary>Chooses which candidates of a large pool a record keeps: those that explain the decision before all others.</summary>
internal static class DecisionAbridgement
{
    /// <summary>Puts the picks first, then the best of the others, then any.</summary>
    /// <param name="candidates">The candidates, at least as many as are kept.</param>
    /// <param name="totals">Their totals; empty where they were not scored.</param>
    /// <param name="picks">The endpoints to try, best first; fewer than are kept.</param>
    /// <param name="kept">Where the chosen indexes into <paramref name="candidates"/> go.</param>
    /// <returns>How many were chosen: all that <paramref name="kept"/> has room for.</returns>
    public static int Choose(ReadOnlySpan<Endpoint> candidates, ReadOnlySpan<double> totals, ReadOnlySpan<Endpoint> picks, Span<int> kept)
    {
        int count = 0;
        foreach (Endpoint pick in picks)
        {
            int at = IndexOf(candidates, pick);
            if (at >= 0)
            {
                kept[count++] = at;
            }
        }

        int runnerUp = -1;
        for (int i = 0; i < totals.Length; i++)
        {
            if ((runnerUp < 0 || totals[i] > totals[runnerUp]) && !kept[..count].Contains(i))
            {
                runnerUp = i;
            }
        }

        if (runnerUp >= 0)
        {
            kept[count++] = runnerUp;
        }

        Span<int> first = kept[..count];
        for (int i = 0; count < kept.Length; i++)
        {
            if (!first.Contains(i))
            {
                kept[count++] = i;
            }
        }

        return count;
    }

    private static int IndexOf(ReadOnlySpan<Endpoint> candidates, Endpoint endpoint)
    {
        for (int i = 0; i < candidates.Length; i++)
        {
            if (ReferenceEquals(candidates[i], endpoint))
            {
                return i;
            }
        }

        return -1;
    }
}

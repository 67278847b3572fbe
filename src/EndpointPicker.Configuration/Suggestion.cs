namespace EndpointPicker.Configuration;

/// <summary>Finds the name that was meant, by Levenshtein distance without regard to case.</summary>
internal static class Suggestion
{
    /// <summary>A remedy for a name that is not known.</summary>
    /// <param name="name">The name as written.</param>
    /// <param name="known">The names that would do.</param>
    /// <param name="otherwise">The remedy where no name is near.</param>
    /// <returns><c>did you mean 'x'?</c>, or <paramref name="otherwise"/>.</returns>
    public static string For(string name, IEnumerable<string> known, string otherwise) =>
        Nearest(name, known) is { } near ? $"did you mean '{near}'?" : otherwise;

    /// <summary>The nearest known name that is near enough to be meant.</summary>
    /// <param name="name">The name as written.</param>
    /// <param name="known">The names that would do.</param>
    /// <returns>The name, or <see langword="null"/>.</returns>
    public static string? Nearest(string name, IEnumerable<string> known)
    {
        string? best = null;
        int least = int.MaxValue;
        foreach (string candidate in known)
        {
            int distance = Distance(name.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance < least)
            {
                least = distance;
                best = candidate;
            }
        }

        // A third of the letters may be wrong; beyond that a guess confuses more than it helps.
        return best is not null && least <= Math.Max(1, Math.Max(name.Length, best.Length) / 3) ? best : null;
    }

    private static int Distance(string from, string to)
    {
        int[] previous = new int[to.Length + 1];
        int[] current = new int[to.Length + 1];
        for (int j = 0; j <= to.Length; j++)
        {
            previous[j] = j;
        }

        for (int i = 1; i <= from.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = previous[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[to.Length];
    }
}

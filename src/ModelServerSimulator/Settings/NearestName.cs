namespace ModelServerSimulator.Settings;

/// <summary>Finds the name that was meant, by Levenshtein distance.</summary>
internal static class NearestName
{
    /// <summary>"; did you mean X?", or nothing where no known name is near.</summary>
    public static string Suggest(string name, IEnumerable<string> known) => Find(name, known) is { } near ? $"; did you mean {near}?" : "";

    private static string? Find(string name, IEnumerable<string> known)
    {
        string? best = null;
        int least = int.MaxValue;
        foreach (string candidate in known)
        {
            int distance = Distance(name, candidate);
            if (distance < least)
            {
                (least, best) = (distance, candidate);
            }
        }

        // Beyond a third of the letters a guess confuses more than it helps.
        return best is not null && least <= Math.Max(1, Math.Max(name.Length, best.Length) / 3) ? best : null;
    }

    private static int Distance(string from, string to)
    {
        int[] previous = [.. Enumerable.Range(0, to.Length + 1)];
        int[] current = new int[to.Length + 1];
        for (int i = 1; i <= from.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                bool same = char.ToUpperInvariant(from[i - 1]) == char.ToUpperInvariant(to[j - 1]);
                current[j] = Math.Min(previous[j - 1] + (same ? 0 : 1), Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[to.Length];
    }
}

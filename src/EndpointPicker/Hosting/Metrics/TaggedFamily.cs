using System.Runtime.CompilerServices;

namespace EndpointPicker.Hosting.Metrics;

/// <summary>A family whose instrument's meter has labels of its own, which follow those of each measurement.</summary>
/// <param name="family">The family.</param>
/// <param name="labels">The meter's labels.</param>
internal sealed class TaggedFamily(Family family, KeyValuePair<string, object?>[] labels)
{
    private const int MostLabels = 16;

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Labels room = default;
        Span<KeyValuePair<string, object?>> all = room;
        tags.CopyTo(all);
        labels.CopyTo(all[tags.Length..]);
        family.Record(value, all[..(tags.Length + labels.Length)]);
    }

    [InlineArray(MostLabels)]
    private struct Labels
    {
        private KeyValuePair<string, object?> _first;
    }
}

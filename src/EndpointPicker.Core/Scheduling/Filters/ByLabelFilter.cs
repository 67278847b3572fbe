using System.Collections.Frozen;
using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling.Filters;

/// <summary><c>by-label</c>: keeps endpoints by the value of one label.</summary>
public sealed class ByLabelFilter(ByLabelFilterOptions options) : IFilter
{
    private readonly FrozenSet<string> _values = options.ValidValues.ToFrozenSet(StringComparer.Ordinal);

    /// <inheritdoc/>
    public int Filter(in SchedulingContext context, Span<Endpoint> candidates)
    {
        int kept = 0;
        foreach (Endpoint candidate in candidates)
        {
            if (candidate.Labels.TryGetValue(options.Label, out string? value) ? _values.Contains(value) : options.AllowsNoLabel)
            {
                candidates[kept++] = candidate;
            }
        }

        return kept;
    }

    /// <inheritdoc/>
    public string? Explain(in EndpointObservation seen) =>
        seen.Labels.TryGetValue(options.Label, out string? value)
            ? $"label {options.Label}={value}, not {string.Join(" or ", options.ValidValues)}"
            : $"no label {options.Label}";
}

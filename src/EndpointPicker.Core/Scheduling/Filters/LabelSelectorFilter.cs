using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling.Filters;

/// <summary>
/// <c>label-selector-filter</c>: keeps what a Kubernetes label selector matches. <c>matchLabels</c> are requirements with
/// <see cref="LabelOperator.In"/> and one value; without any requirement everything matches.
/// </summary>
/// <param name="requirements">All of them must be met.</param>
public sealed class LabelSelectorFilter(IReadOnlyList<LabelRequirement> requirements) : IFilter
{
    private readonly LabelRequirement[] _requirements = [.. requirements];

    /// <inheritdoc/>
    public int Filter(in SchedulingContext context, Span<Endpoint> candidates)
    {
        int kept = 0;
        foreach (Endpoint candidate in candidates)
        {
            if (Matches(candidate))
            {
                candidates[kept++] = candidate;
            }
        }

        return kept;
    }

    /// <inheritdoc/>
    public string? Explain(in EndpointObservation seen)
    {
        foreach (LabelRequirement requirement in _requirements)
        {
            if (!requirement.Matches(seen.Labels))
            {
                string has = seen.Labels.TryGetValue(requirement.Key, out string? value) ? $"label {requirement.Key}={value}" : $"no label {requirement.Key}";
                return $"{has}, wanted: {requirement.Describe()}";
            }
        }

        return null;
    }

    private bool Matches(Endpoint endpoint)
    {
        foreach (LabelRequirement requirement in _requirements)
        {
            if (!requirement.Matches(endpoint.Labels))
            {
                return false;
            }
        }

        return true;
    }
}

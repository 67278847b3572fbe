using System.Collections.Frozen;

namespace EndpointPicker.Core.Scheduling.Filters;

/// <summary>One expression of a label selector.</summary>
/// <param name="Key">The label's key.</param>
/// <param name="Operator">How it compares.</param>
/// <param name="Values">The values; some for <see cref="LabelOperator.In"/> and <see cref="LabelOperator.NotIn"/>, else none.</param>
public sealed record LabelRequirement(string Key, LabelOperator Operator, IReadOnlyList<string> Values)
{
    /// <summary>Whether labels meet it.</summary>
    /// <param name="labels">The labels.</param>
    /// <returns>Whether they do.</returns>
    public bool Matches(FrozenDictionary<string, string> labels)
    {
        bool present = labels.TryGetValue(Key, out string? value);
        return Operator switch
        {
            LabelOperator.In => present && Lists(value!),
            LabelOperator.NotIn => !present || !Lists(value!),
            LabelOperator.Exists => present,
            _ => !present,
        };
    }

    /// <summary>The requirement in Kubernetes' notation.</summary>
    /// <returns>A text such as <c>role in (prefill, decode)</c>.</returns>
    public string Describe() => Operator switch
    {
        LabelOperator.In => $"{Key} in ({string.Join(", ", Values)})",
        LabelOperator.NotIn => $"{Key} notin ({string.Join(", ", Values)})",
        LabelOperator.Exists => Key,
        _ => $"!{Key}",
    };

    private bool Lists(string value)
    {
        for (int i = 0; i < Values.Count; i++)
        {
            if (string.Equals(Values[i], value, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}

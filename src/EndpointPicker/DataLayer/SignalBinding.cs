using System.Text;
using EndpointPicker.Configuration.DataLayer;

namespace EndpointPicker.DataLayer;

/// <summary>Ties the series of one family that have certain label values to a signal.</summary>
internal sealed class SignalBinding
{
    private readonly (byte[] Name, byte[] Value)[] _matchers;

    /// <param name="spec">Which series.</param>
    /// <param name="role">Which signal.</param>
    /// <param name="custom">The position among the custom metrics, where it is one.</param>
    public SignalBinding(MetricSpec spec, SignalRole role, int custom = 0)
    {
        Role = role;
        Custom = custom;
        _matchers = [.. spec.Matchers.Select(m => (Encoding.UTF8.GetBytes(m.Name), Encoding.UTF8.GetBytes(m.Value)))];
    }

    public SignalRole Role { get; }

    public int Custom { get; }

    /// <summary>Whether a series with these labels is meant.</summary>
    public bool Matches(ReadOnlySpan<byte> labels)
    {
        foreach ((byte[] name, byte[] value) in _matchers)
        {
            if (!Has(labels, name, value))
            {
                return false;
            }
        }

        return true;
    }

    // As everywhere in Prometheus, a label that is not there is one with the empty value.
    private static bool Has(ReadOnlySpan<byte> labels, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        LabelReader reader = new(labels);
        while (reader.MoveNext())
        {
            if (reader.Name.SequenceEqual(name))
            {
                return reader.ValueIs(value);
            }
        }

        return value.IsEmpty;
    }
}

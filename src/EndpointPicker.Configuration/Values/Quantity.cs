using System.Globalization;

namespace EndpointPicker.Configuration.Values;

/// <summary>Reads Kubernetes quantities as whole numbers: <c>16Mi</c>, <c>25M</c>, <c>1e9</c>, <c>1.5Gi</c>.</summary>
/// <remarks>https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/</remarks>
public static class Quantity
{
    private static readonly (string Suffix, double Factor)[] Suffixes =
    [
        ("Ki", 1024d), ("Mi", 1048576d), ("Gi", 1073741824d), ("Ti", 1099511627776d), ("Pi", 1125899906842624d), ("Ei", 1152921504606846976d),
        ("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12), ("P", 1e15), ("E", 1e18), ("m", 1e-3),
    ];

    /// <summary>Reads a quantity; a fraction is rounded up, as Kubernetes does.</summary>
    /// <param name="text">A number with a binary or decimal suffix, or with an exponent.</param>
    /// <param name="value">The number; 0 where the text is wrong.</param>
    /// <returns>Whether the text is a quantity that fits.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out long value)
    {
        value = 0;
        double factor = 1;
        ReadOnlySpan<char> number = text;
        foreach ((string suffix, double times) in Suffixes)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal))
            {
                number = text[..^suffix.Length];
                factor = times;
                break;
            }
        }

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!double.TryParse(number, Style, CultureInfo.InvariantCulture, out double parsed))
        {
            return false;
        }

        double scaled = Math.Ceiling(parsed * factor);
        if (!double.IsFinite(scaled) || Math.Abs(scaled) >= long.MaxValue)
        {
            return false;
        }

        value = (long)scaled;
        return true;
    }
}

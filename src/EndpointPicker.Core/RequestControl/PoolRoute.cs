using System.Text;

namespace EndpointPicker.Core.RequestControl;

/// <summary>Sends the requests of some of the proxy's routes to a pool.</summary>
/// <param name="prefix">How the names of those routes begin.</param>
/// <param name="pool">The pool's name.</param>
public sealed class PoolRoute(string prefix, string pool)
{
    private readonly byte[] _prefixUtf8 = Encoding.UTF8.GetBytes(prefix);

    /// <summary>How the names of the routes begin.</summary>
    public string Prefix => prefix;

    /// <summary>The pool's name.</summary>
    public string Pool => pool;

    internal ReadOnlySpan<byte> PrefixUtf8 => _prefixUtf8;
}

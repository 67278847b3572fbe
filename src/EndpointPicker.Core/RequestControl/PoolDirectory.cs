using EndpointPicker.Core.Requests;

namespace EndpointPicker.Core.RequestControl;

/// <summary>
/// The pools that this process serves, and to which of them a request belongs. Readers see one immutable set; who makes pools is the one writer.
/// </summary>
/// <remarks>
/// The rule: with one pool, every request is its. With several, the longest <see cref="PoolRoute.Prefix"/> of the proxy's route name decides, because
/// a client cannot forge that; else the header <c>x-llm-d-inference-pool</c> (alias <c>x-gateway-inference-pool</c>); else the first pool.
/// </remarks>
/// <param name="routes">Which routes go where; empty where the header decides.</param>
public sealed class PoolDirectory(IReadOnlyList<PoolRoute> routes)
{
    /// <summary>The header that names a pool.</summary>
    public const string PoolHeader = "x-llm-d-inference-pool";

    // Of a pool's name, which is a DNS name; a refusal repeats no more than this of what a client sends.
    private const int LongestName = 253;

    private readonly PoolRoute[] _routes = [.. routes.OrderByDescending(route => route.Prefix.Length)];
    private volatile DirectedPool[] _pools = [];

    /// <summary>The pools, the default one first.</summary>
    public IReadOnlyList<DirectedPool> All => _pools;

    /// <summary>Makes <paramref name="pools"/> those that are served from now on.</summary>
    /// <param name="pools">The pools, the default one first.</param>
    public void Replace(IReadOnlyList<DirectedPool> pools) => _pools = [.. pools];

    /// <summary>Finds a pool by its name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The pool; <see langword="null"/> where none has the name.</returns>
    public DirectedPool? Find(string name) => Array.Find(_pools, pool => pool.Name == name);

    // Where there is an error the first one is returned, because somebody has to refuse the request; it is not counted as its.
    private DirectedPool? Choose(InferenceRequest request, out RequestError? error)
    {
        error = null;
        DirectedPool[] pools = _pools;
        if (pools.Length <= 1 && _routes.Length == 0)
        {
            return pools.Length == 0 ? null : pools[0];
        }

        foreach (PoolRoute route in _routes)
        {
            if (request.RouteName.StartsWith(route.PrefixUtf8))
            {
                return Find(route.Pool) ?? Missing(pools, route.Pool, out error);
            }
        }

        if (!request.Headers.TryGet("x-llm-d-inference-pool"u8, out ReadOnlySpan<byte> named))
        {
            request.Headers.TryGet("x-gateway-inference-pool"u8, out named);
        }

        if (named.IsEmpty || pools.Length <= 1)
        {
            return pools.Length == 0 ? null : pools[0];
        }

        foreach (DirectedPool pool in pools)
        {
            if (pool.NameUtf8.SequenceEqual(named))
            {
                return pool;
            }
        }

        return Missing(pools, System.Text.Encoding.UTF8.GetString(named[..Math.Min(named.Length, LongestName)]), out error);
    }

    /// <summary>Finds the pool of a request and notes it there.</summary>
    /// <param name="state">The request with its headers and its route name.</param>
    /// <returns>Who leads the request, be it to its refusal.</returns>
    /// <exception cref="InvalidOperationException">No pool is served.</exception>
    public RequestDirector Begin(RequestState state)
    {
        state.Pool = Choose(state.Request, out RequestError? error) ?? throw new InvalidOperationException("No pool is served.");
        state.PoolError = error;
        return state.Pool.Director;
    }

    private static DirectedPool? Missing(DirectedPool[] pools, string name, out RequestError? error)
    {
        error = new RequestError($"no inference pool \"{name}\" is served here; there are {string.Join(", ", pools.Select(pool => pool.Name))}");
        return pools.Length == 0 ? null : pools[0];
    }
}

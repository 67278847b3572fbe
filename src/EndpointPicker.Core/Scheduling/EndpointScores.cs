using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling;

/// <summary>What the primary profile gave each endpoint that it scored; kept only where somebody asks for it.</summary>
public sealed class EndpointScores
{
    private Endpoint[] _endpoints = [];
    private double[] _totals = [];

    /// <summary>Whether scores are to be kept; stays from one request to the next.</summary>
    public bool Wanted { get; set; }

    /// <summary>How many endpoints were scored.</summary>
    public int Count { get; private set; }

    /// <summary>The endpoints that were scored.</summary>
    public ReadOnlySpan<Endpoint> Endpoints => _endpoints.AsSpan(0, Count);

    /// <summary>Their weighted totals, index by index.</summary>
    public ReadOnlySpan<double> Totals => _totals.AsSpan(0, Count);

    internal void Set(ReadOnlySpan<Endpoint> endpoints, ReadOnlySpan<double> totals)
    {
        if (_endpoints.Length < endpoints.Length)
        {
            _endpoints = new Endpoint[endpoints.Length * 2];
            _totals = new double[_endpoints.Length];
        }

        endpoints.CopyTo(_endpoints);
        totals.CopyTo(_totals);
        Count = endpoints.Length;
    }

    internal void Clear()
    {
        _endpoints.AsSpan(0, Count).Clear();
        Count = 0;
    }
}

using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Requests;

namespace EndpointPicker.Core.RequestControl;

/// <summary>All that belongs to one request from its headers to its end; pooled with the stream that carries it.</summary>
public sealed class RequestState
{
    private Endpoint[] _picks = new Endpoint[4];

    /// <summary>The request as it was read.</summary>
    public InferenceRequest Request { get; } = new();

    /// <summary>The endpoints to try, best first; empty until the decision.</summary>
    public ReadOnlySpan<Endpoint> Picks => _picks.AsSpan(0, PickCount);

    internal int PickCount { get; private set; }

    internal RequestReader? Reader { get; set; }

    internal void SetPicks(ReadOnlySpan<Endpoint> picks)
    {
        if (picks.Length > _picks.Length)
        {
            _picks = new Endpoint[picks.Length];
        }

        picks.CopyTo(_picks);
        PickCount = picks.Length;
    }

    /// <summary>Makes the object new for another request.</summary>
    public void Reset()
    {
        Request.Reset();
        _picks.AsSpan().Clear();
        PickCount = 0;
        Reader = null;
    }
}

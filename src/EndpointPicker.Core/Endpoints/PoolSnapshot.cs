namespace EndpointPicker.Core.Endpoints;

/// <summary>The members of a pool at one moment, immutable.</summary>
public sealed class PoolSnapshot
{
    private readonly Endpoint[] _endpoints;

    internal PoolSnapshot(Endpoint[] endpoints, int slots)
    {
        _endpoints = endpoints;
        Slots = slots;
    }

    /// <summary>The members, in the order in which discovery lists them.</summary>
    public ReadOnlySpan<Endpoint> Endpoints => _endpoints;

    /// <summary>One more than the highest <see cref="Endpoint.Slot"/>: the length of an array that slots index.</summary>
    public int Slots { get; }
}

using System.Numerics;

namespace EndpointPicker.Core.Endpoints;

/// <summary>The members of a pool at one moment, immutable.</summary>
public sealed class PoolSnapshot
{
    private readonly Endpoint[] _endpoints;

    // Open addressing over the destinations: an index into the endpoints plus 1, or 0. At most half full.
    private readonly int[] _byDestination;

    internal PoolSnapshot(Endpoint[] endpoints, int slots)
    {
        _endpoints = endpoints;
        Slots = slots;
        _byDestination = new int[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, endpoints.Length * 2))];
        for (int i = 0; i < endpoints.Length; i++)
        {
            int at = Home(endpoints[i].DestinationUtf8.Span);
            while (_byDestination[at] != 0)
            {
                at = (at + 1) & (_byDestination.Length - 1);
            }

            _byDestination[at] = i + 1;
        }
    }

    /// <summary>The members, in the order in which discovery lists them.</summary>
    public ReadOnlySpan<Endpoint> Endpoints => _endpoints;

    /// <summary>One more than the highest <see cref="Endpoint.Slot"/>: the length of an array that slots index.</summary>
    public int Slots { get; }

    /// <summary>Marks the members that serve at an address; two may share one.</summary>
    /// <param name="destination"><c>ip:port</c> as <see cref="Endpoint.Destination"/> has it.</param>
    /// <param name="marks">Set at the members' indexes.</param>
    internal void Mark(ReadOnlySpan<byte> destination, Span<bool> marks)
    {
        for (int at = Home(destination); _byDestination[at] != 0; at = (at + 1) & (_byDestination.Length - 1))
        {
            int index = _byDestination[at] - 1;
            if (_endpoints[index].DestinationUtf8.Span.SequenceEqual(destination))
            {
                marks[index] = true;
            }
        }
    }

    // FNV-1a: destinations are short, and the pool is not chosen by clients.
    private int Home(ReadOnlySpan<byte> destination)
    {
        uint hash = 2166136261;
        foreach (byte b in destination)
        {
            hash = (hash ^ b) * 16777619;
        }

        return (int)(hash & (uint)(_byDestination.Length - 1));
    }
}

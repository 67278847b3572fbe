using System.Buffers;
using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.PrefixCache;

/// <summary>A record that waits for the index's writer, in rented memory.</summary>
internal readonly record struct PendingRecord(ulong[] Rented, int Length, Endpoint Endpoint, int BlockTokens)
{
    public ReadOnlySpan<ulong> Chain => Rented.AsSpan(0, Length);

    public void Return() => ArrayPool<ulong>.Shared.Return(Rented);
}

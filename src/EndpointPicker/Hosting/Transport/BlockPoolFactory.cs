using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace EndpointPicker.Hosting.Transport;

/// <summary>Gives Kestrel its pools, one for each of its few queues of connections.</summary>
internal sealed class BlockPoolFactory : IMemoryPoolFactory<byte>
{
    // 8 MB a pool at most; what a burst takes beyond goes back to the collector.
    private const int MostIdle = 256;

    public MemoryPool<byte> Create(MemoryPoolOptions? options) => new BlockPool(MostIdle);
}

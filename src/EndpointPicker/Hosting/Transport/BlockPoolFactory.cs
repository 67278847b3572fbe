using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace EndpointPicker.Hosting.Transport;

/// <summary>Gives Kestrel its pools, one for each of its few queues of connections.</summary>
internal sealed class BlockPoolFactory : IMemoryPoolFactory<byte>
{
    // 8 MB a pool at most; what a burst takes beyond goes back to the collector.
    private const int MostIdle = 256;

    private readonly ConcurrentBag<BlockPool> _pools = [];

    public MemoryPool<byte> Create(MemoryPoolOptions? options)
    {
        BlockPool pool = new(MostIdle);
        _pools.Add(pool);
        return pool;
    }

    /// <summary>Lets go of the blocks that are not in use, in all pools.</summary>
    public void ReleaseIdle()
    {
        foreach (BlockPool pool in _pools)
        {
            pool.ReleaseIdle();
        }
    }
}

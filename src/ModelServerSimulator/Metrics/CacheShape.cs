namespace ModelServerSimulator.Metrics;

/// <summary>What the page says about the engine's configuration.</summary>
internal readonly record struct CacheShape(int BlockSize, int NumGpuBlocks, int MaxLoras, int MaxModelLength);

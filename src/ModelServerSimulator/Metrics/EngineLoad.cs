namespace ModelServerSimulator.Metrics;

/// <summary>The three gauges that say how busy an engine is, as of the end of its last step; usage is 0 to 1.</summary>
internal readonly record struct EngineLoad(int Running, int Waiting, double CacheUsage);

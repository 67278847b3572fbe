using System.Diagnostics.Metrics;

namespace EndpointPicker.Hosting.Metrics;

/// <summary>What the runtime does beside our work, by OpenTelemetry's names as Prometheus writes them.</summary>
/// <remarks>https://github.com/open-telemetry/semantic-conventions/blob/main/docs/runtime/dotnet-metrics.md</remarks>
internal sealed class RuntimeMetrics
{
    private static readonly KeyValuePair<string, object?>[] Generations =
    [
        .. new[] { "gen0", "gen1", "gen2", "loh", "poh" }.Select(name => new KeyValuePair<string, object?>("gc_heap_generation", name)),
    ];

    public RuntimeMetrics(IMeterFactory factory)
    {
        Meter meter = factory.Create(MetricsCollector.MeterName);
        meter.CreateObservableCounter("dotnet_gc_collections_total", Collections, "", "Garbage collections, each counted for the oldest generation that it collected.");
        meter.CreateObservableCounter(
            "dotnet_gc_pause_time_seconds_total", static () => GC.GetTotalPauseDuration().TotalSeconds, "", "Time for which garbage collection has paused all threads.");
        meter.CreateObservableCounter("dotnet_gc_heap_total_allocated_bytes_total", static () => GC.GetTotalAllocatedBytes(), "", "Bytes allocated on the heap since the start.");
        meter.CreateObservableGauge("dotnet_gc_last_collection_heap_size_bytes", HeapSizes, "", "Size of the heap's parts after the last garbage collection.");
        meter.CreateObservableGauge(
            "dotnet_gc_last_collection_memory_committed_size_bytes",
            static () => GC.GetGCMemoryInfo().TotalCommittedBytes,
            "",
            "Memory that the heap had committed at the last garbage collection.");
        meter.CreateObservableGauge(
            "dotnet_thread_pool_queue_length", static () => ThreadPool.PendingWorkItemCount, "", "Work items that wait for a thread of the pool; lastingly above 0 is starvation.");
        meter.CreateObservableCounter(
            "dotnet_monitor_lock_contentions_total", static () => Monitor.LockContentionCount, "", "How often a thread has waited for a lock that another one held.");
    }

    private static IEnumerable<Measurement<long>> Collections()
    {
        for (int generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            // A collection of a generation counts for all younger ones too.
            long older = generation < GC.MaxGeneration ? GC.CollectionCount(generation + 1) : 0;
            yield return new Measurement<long>(GC.CollectionCount(generation) - older, Generations[generation]);
        }
    }

    private static List<Measurement<long>> HeapSizes()
    {
        ReadOnlySpan<GCGenerationInfo> parts = GC.GetGCMemoryInfo().GenerationInfo;
        List<Measurement<long>> sizes = [];
        for (int i = 0; i < Math.Min(parts.Length, Generations.Length); i++)
        {
            sizes.Add(new Measurement<long>(parts[i].SizeAfterBytes, Generations[i]));
        }

        return sizes;
    }
}

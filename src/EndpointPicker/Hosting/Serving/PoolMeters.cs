using System.Diagnostics.Metrics;

namespace EndpointPicker.Hosting.Serving;

/// <summary>
/// The meters of one pool: their gauges go with it. Where a process serves several pools, each series of a plugin says whose it is; with one pool
/// the series are the reference's.
/// </summary>
/// <param name="process">The process's factory, as whose meters these are collected.</param>
/// <param name="pool">The pool's name for a label; <see langword="null"/> for none.</param>
internal sealed class PoolMeters(IMeterFactory process, string? pool) : IMeterFactory
{
    private readonly List<Meter> _made = [];

    public Meter Create(MeterOptions options)
    {
        Meter made = new(new MeterOptions(options.Name)
        {
            Version = options.Version,
            Tags = pool is null ? options.Tags : [.. options.Tags ?? [], new KeyValuePair<string, object?>("inference_pool", pool)],
            Scope = process,
        });
        _made.Add(made);
        return made;
    }

    public void Dispose() => _made.ForEach(meter => meter.Dispose());
}

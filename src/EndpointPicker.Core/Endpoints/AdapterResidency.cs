namespace EndpointPicker.Core.Endpoints;

/// <summary>
/// Which LoRA adapters an endpoint is believed to hold, from three sources together: the gauge of running adapters, the list of
/// <c>/v1/models</c>, and this picker's own recent picks, of which as many count as the server has slots.
/// </summary>
public sealed class AdapterResidency
{
    private volatile string[]? _loaded;

    /// <summary>Adapters that <c>/v1/models</c> lists; <see langword="null"/> where that is unknown.</summary>
    public IReadOnlyList<string>? Loaded => _loaded;

    /// <summary>Publishes what <c>/v1/models</c> lists. One writer: the data layer.</summary>
    /// <param name="adapters">Entries that have a parent; <see langword="null"/> where the answer was missing or wrong.</param>
    public void PublishLoaded(string[]? adapters) => _loaded = adapters;
}

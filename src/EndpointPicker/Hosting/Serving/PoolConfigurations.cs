using EndpointPicker.Configuration.Loading;

namespace EndpointPicker.Hosting.Serving;

/// <summary>Which configuration a pool has.</summary>
/// <param name="Shared">That of every pool that has none of its own.</param>
/// <param name="Own">Those of single pools, by name.</param>
internal sealed record PoolConfigurations(EndpointPickerConfiguration Shared, IReadOnlyDictionary<string, EndpointPickerConfiguration> Own)
{
    public PoolConfigurations(EndpointPickerConfiguration shared)
        : this(shared, new Dictionary<string, EndpointPickerConfiguration>())
    {
    }

    /// <summary>The configuration of a pool.</summary>
    public EndpointPickerConfiguration For(string pool) => Own.GetValueOrDefault(pool) ?? Shared;
}

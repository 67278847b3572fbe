using EndpointPicker.Configuration.Catalog;

namespace EndpointPicker.Configuration.Loading;

/// <summary>A scheduling profile, checked.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Plugins">Its filters, scorers with weights, and its picker.</param>
internal sealed record ProfileDefinition(string Name, IReadOnlyList<(PluginDefinition Plugin, double Weight)> Plugins);

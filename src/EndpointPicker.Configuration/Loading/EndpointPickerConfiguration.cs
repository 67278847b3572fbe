using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.DataLayer;
using EndpointPicker.Configuration.FlowControl;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Requests.Parsers;

namespace EndpointPicker.Configuration.Loading;

/// <summary>A configuration that has passed every check.</summary>
public sealed class EndpointPickerConfiguration
{
    private readonly PluginGraph _graph;

    internal EndpointPickerConfiguration(PluginGraph graph)
    {
        _graph = graph;
    }

    /// <summary>The feature gates.</summary>
    public required FeatureGates FeatureGates { get; init; }

    /// <summary>The parsers of request bodies.</summary>
    public required RequestParsers Parsers { get; init; }

    /// <summary>How many tokens images and videos are estimated at.</summary>
    public required TokenEstimateOptions TokenEstimate { get; init; }

    /// <summary>Where endpoints and their signals come from.</summary>
    public required DataLayerOptions DataLayer { get; init; }

    /// <summary>The flow-control section.</summary>
    public required FlowControlOptions FlowControl { get; init; }

    /// <summary>The whole configuration as it is in force, defaults and added plugins included: a YAML text that loads to the same.</summary>
    public required string EffectiveText { get; init; }

    /// <summary>The same in one line, for people: where it is from, profiles with their plugins and weights, parsers, data sources, discovery.</summary>
    public required string Summary { get; init; }

    /// <summary>Every plugin, added ones included, by type and name, in the order in which they depend on one another.</summary>
    public IReadOnlyList<(string Type, string Name)> Plugins => _graph.Plugins;

    /// <summary>Creates a set of plugins, new at each call: plugins keep state and hold on to the pool, so each pool needs a set of its own.</summary>
    /// <param name="services">What the process gives to plugins.</param>
    /// <returns>The plugins, ready for a scheduler.</returns>
    public CreatedPlugins CreatePlugins(PluginServices services) => _graph.Create(services, FlowControl.SaturationDetector);
}

namespace EndpointPicker.Configuration.Loading;

/// <summary>What the command line says about loading.</summary>
public sealed record LoadSettings
{
    /// <summary>Whether plugins of Alpha stability may be used (<c>--allow-experimental-plugins</c>).</summary>
    public bool AllowExperimentalPlugins { get; init; }
}

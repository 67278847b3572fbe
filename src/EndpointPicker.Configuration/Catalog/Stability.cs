namespace EndpointPicker.Configuration.Catalog;

/// <summary>How settled a plugin type is.</summary>
internal enum Stability
{
    /// <summary>Settled enough for production.</summary>
    Beta,

    /// <summary>May change or go; needs <c>--allow-experimental-plugins</c>.</summary>
    Alpha,
}

namespace EndpointPicker.Configuration.Catalog;

/// <summary>A plugin type whose plugins take part in picks.</summary>
internal abstract class EnginePluginType : PluginType
{
    /// <summary>Creates one plugin; called once for each in the configuration, producers before their readers.</summary>
    public abstract object Create(PluginCreation creation);
}

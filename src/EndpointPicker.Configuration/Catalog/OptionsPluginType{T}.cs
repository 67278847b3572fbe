using EndpointPicker.Configuration.Schemas;

namespace EndpointPicker.Configuration.Catalog;

/// <summary>A plugin type that is nothing but options for a part of the process.</summary>
/// <typeparam name="T">The options.</typeparam>
internal abstract class OptionsPluginType<T> : PluginType
{
    public abstract T Read(FieldValues values);
}

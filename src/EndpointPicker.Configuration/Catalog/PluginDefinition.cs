using EndpointPicker.Configuration.Schemas;

namespace EndpointPicker.Configuration.Catalog;

/// <summary>One plugin of a configuration, checked but not created.</summary>
/// <param name="Name">Its name, unique in the configuration.</param>
/// <param name="Type">Its type.</param>
/// <param name="Values">Its parameters.</param>
/// <param name="Injected">Whether the loader added it.</param>
internal sealed record PluginDefinition(string Name, PluginType Type, FieldValues Values, bool Injected)
{
    public bool Is(PluginRoles role) => (Type.Roles & role) != 0;
}

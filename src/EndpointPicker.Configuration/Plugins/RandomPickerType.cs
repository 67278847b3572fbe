using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Core.Scheduling.Pickers;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class RandomPickerType : EnginePluginType
{
    public override string Name => "random-picker";

    public override string Summary => "Picks by chance, whatever the scores.";

    public override PluginRoles Roles => PluginRoles.Picker;

    public override Schema Parameters => PickerParameters.Schema;

    public override object Create(PluginCreation creation) => new RandomPicker(PickerParameters.Read(creation.Values));
}

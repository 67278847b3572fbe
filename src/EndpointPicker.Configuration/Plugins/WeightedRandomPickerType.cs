using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Core.Scheduling.Pickers;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class WeightedRandomPickerType : EnginePluginType
{
    public override string Name => "weighted-random-picker";

    public override string Summary => "Picks by chance in proportion to the totals; endpoints at 0 or below come last.";

    public override PluginRoles Roles => PluginRoles.Picker;

    public override Schema Parameters => PickerParameters.Schema;

    public override object Create(PluginCreation creation) => new WeightedRandomPicker(PickerParameters.Read(creation.Values));
}

using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Core.Scheduling.Pickers;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class MaxScorePickerType : EnginePluginType
{
    public override string Name => "max-score-picker";

    public override string Summary => "Picks the highest total; ties by chance. It is added to a profile without a picker where no picker is declared.";

    public override PluginRoles Roles => PluginRoles.Picker;

    public override Schema Parameters => PickerParameters.Schema;

    public override object Create(PluginCreation creation) => new MaxScorePicker(PickerParameters.Read(creation.Values));
}

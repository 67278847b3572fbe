using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Core.Scheduling.Filters;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class ByLabelFilterType : EnginePluginType
{
    private static readonly TextField Label = new("label", "", "The label's key.") { Required = true };
    private static readonly TextListField ValidValues = new("validValues", "The values that are kept.");
    private static readonly SwitchField AllowsNoLabel = new("allowsNoLabel", false, "Whether endpoints without the label are kept too.");

    public override string Name => "by-label";

    public override string Summary => "Keeps endpoints by the value of one label.";

    public override PluginRoles Roles => PluginRoles.Filter;

    public override string Replacement => "label-selector-filter";

    public override Schema Parameters { get; } = new(Label, ValidValues, AllowsNoLabel);

    public override void Check(FieldValues values, DiagnosticReport report)
    {
        if (values.Get(ValidValues).Count == 0 && !values.Get(AllowsNoLabel))
        {
            report.Warning(values.At(ValidValues), "this filter keeps no endpoint at all", "list the label's values in validValues");
        }
    }

    public override object Create(PluginCreation creation) => new ByLabelFilter(new ByLabelFilterOptions
    {
        Label = creation.Values.Get(Label),
        ValidValues = [.. creation.Values.Get(ValidValues).Select(value => value.Text)],
        AllowsNoLabel = creation.Values.Get(AllowsNoLabel),
    });
}

using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Core.Scheduling.Filters;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class LabelSelectorFilterType : EnginePluginType
{
    private static readonly TextMapField MatchLabels = new("matchLabels", "Labels and the values that they must have.");
    private static readonly TextField Key = new("key", "", "The label's key.") { Required = true };
    private static readonly TextField Operator = new("operator", "", "How the label compares.") { Required = true, Allowed = Enum.GetNames<LabelOperator>() };
    private static readonly TextListField Values = new("values", "The values of In and NotIn.");
    private static readonly ObjectListField MatchExpressions = new("matchExpressions", new Schema(Key, Operator, Values), "Further requirements.");

    public override string Name => "label-selector-filter";

    public override string Summary => "Keeps endpoints that a Kubernetes label selector matches; an empty one matches all.";

    public override PluginRoles Roles => PluginRoles.Filter;

    public override IReadOnlyList<string> DeprecatedNames => ["by-label-selector"];

    public override Schema Parameters { get; } = new(MatchLabels, MatchExpressions);

    public override void Check(FieldValues values, DiagnosticReport report)
    {
        foreach (FieldValues expression in values.Get(MatchExpressions))
        {
            bool takesValues = expression.Get(Operator) is nameof(LabelOperator.In) or nameof(LabelOperator.NotIn);
            bool hasValues = expression.Get(Values).Count > 0;
            if (takesValues && !hasValues)
            {
                report.Error(expression.Position, $"the operator {expression.Get(Operator)} needs values", "list them under 'values'");
            }
            else if (!takesValues && hasValues)
            {
                report.Error(expression.At(Values), $"the operator {expression.Get(Operator)} takes no values", "remove 'values', or use In or NotIn");
            }
        }
    }

    public override object Create(PluginCreation creation) => new LabelSelectorFilter(
    [
        .. creation.Values.Get(MatchLabels).Select(label => new LabelRequirement(label.Key, LabelOperator.In, [label.Value])),
        .. creation.Values.Get(MatchExpressions).Select(Requirement),
    ]);

    private static LabelRequirement Requirement(FieldValues expression) => new(
        expression.Get(Key),
        Enum.Parse<LabelOperator>(expression.Get(Operator)),
        [.. expression.Get(Values).Select(value => value.Text)]);
}

namespace EndpointPicker.Configuration.Catalog;

/// <summary>Roles in words.</summary>
internal static class RoleNames
{
    private static readonly (PluginRoles Role, string Name)[] Names =
    [
        (PluginRoles.Filter, "filter"),
        (PluginRoles.Scorer, "scorer"),
        (PluginRoles.Picker, "picker"),
        (PluginRoles.ProfileHandler, "profile handler"),
        (PluginRoles.DataProducer, "data producer"),
        (PluginRoles.Parser, "parser"),
        (PluginRoles.DataSource, "data source"),
        (PluginRoles.Extractor, "extractor"),
        (PluginRoles.Discovery, "discovery"),
        (PluginRoles.SaturationDetector, "saturation detector"),
        (PluginRoles.FairnessPolicy, "fairness policy"),
        (PluginRoles.OrderingPolicy, "ordering policy"),
        (PluginRoles.UsageLimitPolicy, "usage limit policy"),
    ];

    public static string Of(PluginRoles roles) => string.Join(", ", Names.Where(entry => (roles & entry.Role) != 0).Select(entry => entry.Name));
}

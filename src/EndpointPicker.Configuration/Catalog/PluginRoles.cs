namespace EndpointPicker.Configuration.Catalog;

/// <summary>What a plugin can be used as.</summary>
[Flags]
internal enum PluginRoles
{
    None = 0,
    Filter = 1 << 0,
    Scorer = 1 << 1,
    Picker = 1 << 2,
    ProfileHandler = 1 << 3,
    DataProducer = 1 << 4,
    Parser = 1 << 5,
    DataSource = 1 << 6,
    Extractor = 1 << 7,
    Discovery = 1 << 8,
    SaturationDetector = 1 << 9,
    FairnessPolicy = 1 << 10,
    OrderingPolicy = 1 << 11,
    UsageLimitPolicy = 1 << 12,
}

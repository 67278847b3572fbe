namespace EndpointPicker.Configuration.Catalog;

/// <summary>That a plugin reads data.</summary>
/// <param name="Key">Which data.</param>
/// <param name="Producer">The producer's name; empty for the default one.</param>
/// <param name="At">Where the text asks for it.</param>
/// <param name="Optional">Whether the plugin works without the data.</param>
internal sealed record DataNeed(DataKey Key, string Producer, SourcePosition At, bool Optional = false)
{
    public string ProducerName => Producer.Length == 0 ? Key.DefaultProducer : Producer;
}

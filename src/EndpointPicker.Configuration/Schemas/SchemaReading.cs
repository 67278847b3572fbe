namespace EndpointPicker.Configuration.Schemas;

/// <summary>What goes along with a walk over a text: where findings go, how keys compare, and where the walk is.</summary>
/// <param name="Report">Takes the findings.</param>
/// <param name="AnyCase">Whether a key in another case counts, with a warning.</param>
/// <param name="Path">The way from the root, for messages.</param>
public readonly record struct SchemaReading(DiagnosticReport Report, bool AnyCase, string Path)
{
    /// <summary>Whether an unknown key is only a warning.</summary>
    public bool ToleratesUnknown { get; init; }

    /// <summary>The reading of a part.</summary>
    /// <param name="part">The part's name.</param>
    /// <returns>The same, further down.</returns>
    public SchemaReading Within(string part) =>
        this with { Path = Path.Length == 0 ? part : part.StartsWith('[') ? Path + part : $"{Path}.{part}" };
}

namespace EndpointPicker.Hosting.CommandLine;

/// <summary>One command-line flag.</summary>
/// <param name="Name">Its name without dashes.</param>
/// <param name="Kind">How its text is read.</param>
/// <param name="Default">The text that stands for its absence.</param>
/// <param name="Summary">One sentence for <c>--help</c>.</param>
internal sealed record Flag(string Name, FlagKind Kind, string Default, string Summary)
{
    /// <summary>What <c>--help</c> prints it under.</summary>
    public required string Section { get; init; }

    /// <summary>Spellings of older releases, without dashes.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Where the flag is accepted but means nothing, the reason; setting it to something else than its default gives a warning.</summary>
    public string? Ignored { get; init; }

    /// <summary>Of a flag that means nothing, the value that says what happens anyhow; it gives no warning either.</summary>
    public string? Fixed { get; init; }

    /// <summary>Where setting the flag at all is an error, what to do instead.</summary>
    public string? Removed { get; init; }
}

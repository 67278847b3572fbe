namespace EndpointPicker.Hosting.CommandLine;

/// <summary>What was given on the command line, still as text.</summary>
internal sealed class FlagValues
{
    private readonly Dictionary<string, string> _given = [];

    public bool HelpWanted { get; set; }

    public List<string> Errors { get; } = [];

    public List<string> Warnings { get; } = [];

    /// <summary>The flags that were given, by name.</summary>
    public IReadOnlyDictionary<string, string> Given => _given;

    public void Set(Flag flag, string value)
    {
        if (flag.Removed is { } instead)
        {
            Errors.Add($"--{flag.Name} was removed: {instead}");
        }
        else if (flag.Ignored is { } reason && value != flag.Default && value != flag.Fixed)
        {
            Warnings.Add($"--{flag.Name} has no effect: {reason}");
        }

        _given[flag.Name] = flag.Kind == FlagKind.List && _given.TryGetValue(flag.Name, out string? earlier) ? $"{earlier},{value}" : value;
    }
}

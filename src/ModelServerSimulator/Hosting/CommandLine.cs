using ModelServerSimulator.Settings;

namespace ModelServerSimulator.Hosting;

/// <summary>The arguments read: <c>--name value</c> and <c>--name=value</c> in any order, a preset below all others.</summary>
internal sealed record CommandLine
{
    public SimulatorOptions Options { get; private init; } = new();

    public bool WantsHelp { get; private init; }

    /// <summary>What is wrong with the arguments, or null.</summary>
    public string? Problem { get; private init; }

    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var given = new List<(Flag Flag, string Value)>();
        for (int i = 0; i < arguments.Count; i++)
        {
            (string name, string? value) = Split(arguments[i]);
            if (name is "--help" or "-h")
            {
                return new CommandLine { WantsHelp = true };
            }

            if (FlagTable.All.FirstOrDefault(flag => flag.Name == name || flag.Aliases.Contains(name)) is not { } known)
            {
                return Wrong($"unknown option {name}{NearestName.Suggest(name, FlagTable.All.Select(flag => flag.Name))}");
            }

            if (known.IsSwitch && value is not null)
            {
                return Wrong($"{name} takes no value");
            }

            value ??= known.IsSwitch ? "" : i + 1 < arguments.Count ? arguments[++i] : null;
            if (value is null)
            {
                return Wrong($"{name} needs a value: {known.Argument}");
            }

            given.Add((known, value));
        }

        return Apply(given);
    }

    private static CommandLine Apply(List<(Flag Flag, string Value)> given)
    {
        var options = new SimulatorOptions();
        foreach ((Flag flag, string value) in given.OrderBy(item => item.Flag.Name == FlagTable.PresetName ? 0 : 1))
        {
            try
            {
                options = flag.Apply(options, value);
            }
            catch (Exception exception) when (exception is FormatException or OverflowException)
            {
                return Wrong($"{flag.Name} does not take \"{value}\" ({flag.Argument}: {flag.Help})");
            }
        }

        return new CommandLine { Options = options, Problem = options.Problem() };
    }

    private static CommandLine Wrong(string problem) => new() { Problem = problem };

    private static (string Name, string? Value) Split(string argument)
    {
        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }
}

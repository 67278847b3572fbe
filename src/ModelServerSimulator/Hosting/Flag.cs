namespace ModelServerSimulator.Hosting;

/// <summary>One option of the command line.</summary>
/// <param name="Group">The heading under which the help shows it.</param>
/// <param name="Name">With its dashes; vLLM's name where vLLM has the option.</param>
/// <param name="Argument">What stands for its value in the help; empty for a switch, which takes none.</param>
/// <param name="Help">Default first, then what it does.</param>
/// <param name="Apply">Puts the value, empty for a switch, into the options; a <see cref="FormatException"/> where it is none.</param>
internal sealed record Flag(string Group, string Name, string Argument, string Help, Func<SimulatorOptions, string, SimulatorOptions> Apply)
{
    /// <summary>Other names that do the same and are not shown.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    public bool IsSwitch => Argument.Length == 0;
}

using System.Text.Json;

namespace ModelServerSimulator.Faults;

/// <summary>One field of a plan, as the command line and the admin API name it.</summary>
/// <param name="Name">In both, on the command line after two dashes.</param>
/// <param name="Argument">What stands for its value in the help.</param>
/// <param name="Help">Default first, then what it does.</param>
/// <param name="Set">Puts a value, as text, into a plan; a <see cref="FormatException"/> where it is none.</param>
/// <param name="Write">Writes the value of a plan.</param>
internal sealed record FaultSetting(string Name, string Argument, string Help, Func<FaultPlan, string, FaultPlan> Set, Action<Utf8JsonWriter, FaultPlan> Write);

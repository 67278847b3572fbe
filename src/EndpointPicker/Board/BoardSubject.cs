using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Scheduling;

namespace EndpointPicker.Board;

/// <summary>What the board is about, for the life of the process.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Profiles">The scheduling profiles in force.</param>
/// <param name="StaleAfter">How old signals may be to be believed.</param>
internal sealed record BoardSubject(EndpointPool Pool, IReadOnlyList<SchedulingProfile> Profiles, TimeSpan StaleAfter);

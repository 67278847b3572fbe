namespace EndpointPicker.Demo.Traffic;

/// <summary>Requests of one user: the first comes at a moment of its own, each later one after the answer to that before it.</summary>
internal sealed record PlannedSession(TimeSpan Start, IReadOnlyList<PlannedTurn> Turns);

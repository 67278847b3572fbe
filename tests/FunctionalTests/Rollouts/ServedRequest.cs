namespace FunctionalTests.Rollouts;

/// <summary>One request of a load, as its client saw it.</summary>
/// <param name="StartedAt">When it was sent, in ticks of the machine's clock.</param>
/// <param name="Status">Its HTTP status; 0 where the connection broke.</param>
/// <param name="ServedBy">The server that answered; <see langword="null"/> where none did.</param>
/// <param name="Body">The answer's body, or what broke.</param>
internal sealed record ServedRequest(long StartedAt, int Status, string? ServedBy, string Body);

namespace EndpointPicker.Demo.Traffic;

/// <summary>One request that both sides will get.</summary>
/// <param name="Gap">How long after the answer to the turn before it is sent; 0 for a session's first.</param>
/// <param name="Model">The model or adapter that it calls for.</param>
/// <param name="Path">The API.</param>
/// <param name="Context">Tokens of prompt and answer, estimated.</param>
/// <param name="Body">The JSON, made when it is first needed.</param>
internal sealed record PlannedTurn(TimeSpan Gap, string Model, string Path, int Context, Lazy<byte[]> Body);

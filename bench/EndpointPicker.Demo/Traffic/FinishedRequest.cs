namespace EndpointPicker.Demo.Traffic;

/// <summary>An outcome and the timestamp of <see cref="System.Diagnostics.Stopwatch"/> at which it was known.</summary>
internal readonly record struct FinishedRequest(RequestOutcome Outcome, long At);

namespace EndpointPicker.Cluster.Reviews;

/// <summary>Whether a caller may have a page.</summary>
/// <param name="Outcome">What the API server says.</param>
/// <param name="User">Who is denied; empty with any other outcome.</param>
internal readonly record struct AccessVerdict(AccessOutcome Outcome, string User = "");

namespace EndpointPicker.Cluster.Reviews;

/// <summary>What the API server answered, or why it did not.</summary>
/// <param name="Answer">The answer; <see langword="null"/> where there is none.</param>
/// <param name="Fault">Why there is none, for people to read; empty where there is one.</param>
internal readonly record struct Reviewed<T>(T? Answer, string Fault)
    where T : class;

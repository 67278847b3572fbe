namespace EndpointPicker.Grpc.Health;

/// <summary>What health answers from one change to the next.</summary>
internal sealed class HealthSnapshot(ServingStatus readiness, bool stopped)
{
    private readonly TaskCompletionSource _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether this server should get traffic.</summary>
    public ServingStatus Readiness => readiness;

    /// <summary>Whether watches end now.</summary>
    public bool Stopped => stopped;

    /// <summary>Completes once another snapshot is current.</summary>
    public Task Replaced => _replaced.Task;

    public void Replace() => _replaced.SetResult();
}

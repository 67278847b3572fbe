namespace EndpointPicker.Grpc.Health;

/// <summary>What health answers from one change to the next.</summary>
internal sealed class HealthSnapshot(ServingStatus status, bool stopped)
{
    private readonly TaskCompletionSource _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The status of every service name: without leader election they all ask for the same readiness.</summary>
    public ServingStatus Status => status;

    /// <summary>Whether watches end now.</summary>
    public bool Stopped => stopped;

    /// <summary>Completes once another snapshot is current.</summary>
    public Task Replaced => _replaced.Task;

    public void Replace() => _replaced.SetResult();
}

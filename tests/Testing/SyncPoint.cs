namespace Testing;

/// <summary>A place where the code under test waits until the test lets it go on, and that the test can wait for it to reach.</summary>
public sealed class SyncPoint
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes once the code under test has arrived.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Called by the code under test: says that it has arrived and waits.</summary>
    public Task WaitToContinueAsync()
    {
        _reached.TrySetResult();
        return _released.Task;
    }

    /// <summary>Lets the code under test go on.</summary>
    public void Continue() => _released.TrySetResult();
}

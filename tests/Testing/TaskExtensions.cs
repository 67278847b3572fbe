namespace Testing;

/// <summary>Bounds how long a test waits for something that should happen at once.</summary>
public static class TaskExtensions
{
    // Generous: it only turns a hang into a failure, and the machines are shared and slow.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task DefaultTimeout(this Task task) => task.WaitAsync(Limit);

    public static Task<T> DefaultTimeout<T>(this Task<T> task) => task.WaitAsync(Limit);

    public static Task DefaultTimeout(this ValueTask task) => task.AsTask().WaitAsync(Limit);

    public static Task<T> DefaultTimeout<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Limit);
}

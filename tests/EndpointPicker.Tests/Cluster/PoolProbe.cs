using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Tests.Cluster;

/// <summary>A pool whose changes a test can wait for.</summary>
internal sealed class PoolProbe
{
    private TaskCompletionSource _changed = New();

    public PoolProbe()
    {
        Pool.Joined += _ => Volatile.Read(ref _changed).TrySetResult();
        Pool.Left += _ => Volatile.Read(ref _changed).TrySetResult();
    }

    public EndpointPool Pool { get; } = new("pool");

    public IEnumerable<string> Members => Pool.Current.Endpoints.ToArray().Select(endpoint => endpoint.ToString());

    /// <summary>The next change after this call.</summary>
    public Task NextChange()
    {
        TaskCompletionSource next = New();
        Volatile.Write(ref _changed, next);
        return next.Task;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

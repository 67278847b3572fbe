namespace EndpointPicker.Core.FlowControl.Ordering;

/// <summary><c>fcfs-ordering-policy</c>: within a flow, what was enqueued earlier goes first.</summary>
public sealed class FcfsOrderingPolicy : IComparer<long>
{
    /// <summary>Orders two requests of one flow by when they were enqueued, in ticks of the time provider.</summary>
    /// <param name="x">When the one was enqueued.</param>
    /// <param name="y">When the other was.</param>
    /// <returns>Below 0 where the one goes first.</returns>
    public int Compare(long x, long y) => x.CompareTo(y);
}

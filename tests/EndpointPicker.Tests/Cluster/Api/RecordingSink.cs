using System.Globalization;
using EndpointPicker.Cluster.Api;
using Testing;

namespace EndpointPicker.Tests.Cluster.Api;

/// <summary>Keeps the objects as a follower would, and notes what should not happen: an object told twice, a version that goes back, a stranger removed.</summary>
internal sealed class RecordingSink : IResourceSink<TestObject>
{
    // Protects all below.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _objects = [];
    private readonly List<string> _calls = [];
    private readonly List<(Func<bool> Reached, TaskCompletionSource Done)> _waiters = [];

    /// <summary>Called before each call counts; may throw.</summary>
    public Action<string> OnCall { get; set; } = _ => { };

    /// <summary>All calls, in order, as <c>replace a,b</c>, <c>put a@7</c>, <c>remove a</c> or <c>absent</c>.</summary>
    public IReadOnlyList<string> Calls => Locked(() => _calls.ToArray());

    /// <summary>What should not have happened.</summary>
    public List<string> Anomalies { get; } = [];

    /// <summary>The objects, by name, with their versions.</summary>
    public IReadOnlyDictionary<string, string> Objects => Locked(() => new Dictionary<string, string>(_objects));

    public void Replace(IReadOnlyList<TestObject> all) => Take("replace " + string.Join(',', all.Select(item => item.Name)), () =>
    {
        _objects.Clear();
        foreach (TestObject item in all)
        {
            _objects.Add(item.Name, item.Version);
        }
    });

    public void Put(TestObject item) => Take($"put {item.Name}@{item.Version}", () =>
    {
        if (_objects.TryGetValue(item.Name, out string? before) && Number(before) >= Number(item.Version))
        {
            Anomalies.Add($"{item.Name} went from {before} to {item.Version}");
        }

        _objects[item.Name] = item.Version;
    });

    public void Remove(TestObject item) => Take($"remove {item.Name}", () =>
    {
        if (!_objects.Remove(item.Name))
        {
            Anomalies.Add($"{item.Name} was removed and never there");
        }
    });

    public void Absent() => Take("absent", _objects.Clear);

    /// <summary>Waits until the calls so far fulfil a condition.</summary>
    public Task Until(Func<RecordingSink, bool> condition) => Locked(() =>
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiters.Add((() => condition(this), done));
        Check();
        return done.Task;
    }).DefaultTimeout();

    /// <summary>Waits for a call.</summary>
    public Task Until(string call) => Until(sink => sink._calls.Contains(call));

    private static long Number(string version) => long.Parse(version, CultureInfo.InvariantCulture);

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    private void Take(string call, Action apply)
    {
        OnCall(call);
        lock (_gate)
        {
            _calls.Add(call);
            apply();
            Check();
        }
    }

    private void Check()
    {
        foreach ((Func<bool> reached, TaskCompletionSource done) in _waiters.Where(waiter => !waiter.Done.Task.IsCompleted))
        {
            if (reached())
            {
                done.TrySetResult();
            }
        }
    }
}

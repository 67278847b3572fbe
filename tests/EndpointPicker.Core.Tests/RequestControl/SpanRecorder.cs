using System.Collections.Concurrent;
using System.Diagnostics;
using EndpointPicker.Core.RequestControl;

namespace EndpointPicker.Core.Tests.RequestControl;

/// <summary>Listens to the spans of one tracing, told apart from others in the process by its version.</summary>
internal sealed class SpanRecorder : IDisposable
{
    private readonly ActivityListener _listener;

    public SpanRecorder(double ratio = 1)
    {
        string version = Guid.NewGuid().ToString();
        Tracing = new RequestTracing(new TraceSampling(ratio, seed: 42), version, "abc123");
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == RequestTracing.SourceName && source.Version == version,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public RequestTracing Tracing { get; }

    /// <summary>Spans in the order in which they ended.</summary>
    public ConcurrentQueue<Activity> Ended { get; } = [];

    public Activity One(string name) => Assert.Single(Ended, span => span.OperationName == name);

    public void Dispose()
    {
        _listener.Dispose();
        Tracing.Dispose();
    }
}

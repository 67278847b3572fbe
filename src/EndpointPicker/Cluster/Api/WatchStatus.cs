namespace EndpointPicker.Cluster.Api;

/// <summary>Keeps a watch's state and tells the log when it changes. Written by the watch's loop, read by anybody.</summary>
internal sealed partial class WatchStatus(ResourceQuery query, WatchContext context)
{
    private volatile WatchState _state = new(WatchPhase.Starting, "", context.Time.GetUtcNow());

    // The last complaint, until the watch has been well for a while: one that comes and goes is not told each time.
    private string _told = "";
    private bool _recoveryUntold;

    /// <summary>The state.</summary>
    public WatchState State => _state;

    /// <summary>A list begins. While the watch fails or the kind is absent, that is the more important news.</summary>
    public void Listing()
    {
        if (_state.Phase is WatchPhase.Starting or WatchPhase.Synced)
        {
            Enter(WatchPhase.Listing);
        }
    }

    /// <summary>The sink has all objects and follows.</summary>
    public void Synced()
    {
        if (_recoveryUntold)
        {
            _recoveryUntold = false;
            Log.Recovered(context.Logger, query.Kind, query.Namespace);
        }

        Enter(WatchPhase.Synced);
    }

    /// <summary>The watch has been well for a while.</summary>
    public void Settled() => _told = "";

    /// <summary>All objects were listed. After a failure it is better only once they are watched too.</summary>
    public void Listed(int count)
    {
        Log.Listed(context.Logger, count, query.Kind, query.Namespace);
        if (_state.Phase != WatchPhase.Failing)
        {
            Enter(WatchPhase.Synced);
        }
    }

    /// <summary>The kind is not served.</summary>
    public void Absent()
    {
        if (_state.Phase != WatchPhase.Absent)
        {
            Log.KindAbsent(context.Logger, query.Kind, query.Kind.Version);
            Enter(WatchPhase.Absent);
        }
    }

    /// <summary>An attempt failed.</summary>
    public void Fail(string reason)
    {
        if (reason != _told)
        {
            _told = reason;
            _recoveryUntold = true;
            Log.WatchFailing(context.Logger, query.Kind, query.Namespace, reason);
        }

        DateTimeOffset since = _state.Phase == WatchPhase.Failing ? _state.Since : context.Time.GetUtcNow();
        _state = new WatchState(WatchPhase.Failing, reason, since);
    }

    /// <summary>The code around the watch broke.</summary>
    public void Broke(Exception bug)
    {
        Log.WatchBroke(context.Logger, bug, query.Kind, query.Namespace);
        Fail(bug.Message);
    }

    /// <summary>An object makes no sense.</summary>
    public void Refused(string name, string reason) => Log.ObjectRefused(context.Logger, query.Kind, query.Namespace, name, reason);

    private void Enter(WatchPhase phase)
    {
        if (_state.Phase != phase)
        {
            _state = new WatchState(phase, "", context.Time.GetUtcNow());
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Listed {Count} {Kind} in namespace {Namespace}.", EventName = nameof(Listed))]
        public static partial void Listed(ILogger logger, int count, ResourceKind kind, string @namespace);

        [LoggerMessage(2, LogLevel.Information, "The API server has no {Kind} in version {Version}: there are none until their CRD is installed.", EventName = nameof(KindAbsent))]
        public static partial void KindAbsent(ILogger logger, ResourceKind kind, string version);

        [LoggerMessage(3, LogLevel.Warning, "The {Kind} in namespace {Namespace} cannot be followed; what was last known stays. {Reason}", EventName = nameof(WatchFailing))]
        public static partial void WatchFailing(ILogger logger, ResourceKind kind, string @namespace, string reason);

        [LoggerMessage(4, LogLevel.Information, "The {Kind} in namespace {Namespace} are followed again.", EventName = nameof(Recovered))]
        public static partial void Recovered(ILogger logger, ResourceKind kind, string @namespace);

        [LoggerMessage(5, LogLevel.Warning, "The object {Name} of {Kind} in namespace {Namespace} is left out: {Reason}", EventName = nameof(ObjectRefused))]
        public static partial void ObjectRefused(ILogger logger, ResourceKind kind, string @namespace, string name, string reason);

        [LoggerMessage(6, LogLevel.Error, "A step in following {Kind} in namespace {Namespace} broke; the objects are listed again.", EventName = nameof(WatchBroke))]
        public static partial void WatchBroke(ILogger logger, Exception exception, ResourceKind kind, string @namespace);
    }
}

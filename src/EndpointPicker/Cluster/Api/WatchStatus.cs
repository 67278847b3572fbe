namespace EndpointPicker.Cluster.Api;

/// <summary>Keeps a watch's state and tells the log when it changes. Written by the watch's loop, read by anybody.</summary>
internal sealed partial class WatchStatus(ResourceQuery query, WatchContext context)
{
    // A server that starts refuses by one reason after another before it is itself. Only a reason that stands this long is another trouble.
    private static readonly TimeSpan Standing = TimeSpan.FromSeconds(30);

    private volatile WatchState _state = new(WatchPhase.Starting, "", context.Time.GetUtcNow());

    // The fault that the log tells of; null while all is well.
    private WatchFault? _told;
    private long _stoppedAt;

    // The fault that there is instead by now, and since when.
    private WatchFault? _next;
    private long _nextAt;

    private bool _known;
    private bool _listed;

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

    /// <summary>The sink has all objects and follows: not only was the watch opened, it has told of something or held for a while.</summary>
    public void Synced()
    {
        Settle(followed: true);
        Enter(WatchPhase.Synced);
    }

    /// <summary>All objects were listed. After a failure it is better only once they are watched too.</summary>
    public void Listed(int count)
    {
        if (_listed)
        {
            Log.ListedAnew(context.Logger, count, query.Kind, query.Namespace);
        }
        else
        {
            Log.Listed(context.Logger, count, query.Kind, query.Namespace);
        }

        _listed = true;
        _known = true;
        if (_state.Phase != WatchPhase.Failing)
        {
            Enter(WatchPhase.Synced);
        }
    }

    /// <summary>The kind is not served.</summary>
    public void Absent()
    {
        // Where it is the end of the kind's own trouble, the line below says all.
        Settle(followed: _told?.Kind is null || !_listed);
        if (_state.Phase != WatchPhase.Absent)
        {
            if (_listed)
            {
                Log.KindGone(context.Logger, query.Kind, query.Kind.Version);
            }
            else
            {
                // The usual cluster has one group of each kind, and what a pool lacks is told by readiness.
                Log.KindAbsent(context.Logger, query.Kind, query.Kind.Version);
            }

            Enter(WatchPhase.Absent);
        }

        _listed = false;
        _known = true;
    }

    /// <summary>An attempt failed.</summary>
    public void Fail(WatchFault fault)
    {
        long now = context.Time.GetTimestamp();
        if (_told is null)
        {
            _stoppedAt = now;
            Tell(fault);
        }
        else if (_told.IsLike(fault) || (_told.Kind is not null && fault.Kind is null))
        {
            // What stops every kind is told by those that were well.
            _next = null;
        }
        else if (_next is null || !_next.IsLike(fault))
        {
            _next = fault;
            _nextAt = now;
        }
        else if (context.Time.GetElapsedTime(_nextAt, now) >= Standing)
        {
            context.Notices.End(_told, query, followed: false);
            Tell(fault);
        }

        DateTimeOffset since = _state.Phase == WatchPhase.Failing ? _state.Since : context.Time.GetUtcNow();
        _state = new WatchState(WatchPhase.Failing, fault.Reason, since);
    }

    /// <summary>The server has older data than was seen, which is told in the middle of an outage too: it has been restored from a backup.</summary>
    public void Behind(WatchFault fault)
    {
        if (_told?.IsLike(fault) == false && _next?.IsLike(fault) != true)
        {
            Log.Behind(context.Logger, query.Kind, query.Namespace, fault.Reason);
        }

        Fail(fault);
    }

    /// <summary>The code around the watch broke.</summary>
    public void Broke(Exception bug)
    {
        Log.WatchBroke(context.Logger, bug, query.Kind, query.Namespace);
        Fail(WatchFault.Of(query.Kind, "bug", bug.Message));
    }

    /// <summary>The API server has forgotten the place to go on from, as it may at any time.</summary>
    public void Forgotten(string reason) => Log.Forgotten(context.Logger, query.Kind, query.Namespace, reason);

    /// <summary>An object makes no sense.</summary>
    public void Refused(string name, string reason) => Log.ObjectRefused(context.Logger, query.Kind, query.Namespace, name, reason);

    /// <summary>Nobody watches any more.</summary>
    public void Ended() => Settle(followed: false);

    private void Tell(WatchFault fault)
    {
        _next = null;
        _told = context.Notices.Begin(fault, query, _known, _stoppedAt);
    }

    private void Settle(bool followed)
    {
        if (_told is { } told)
        {
            _told = null;
            _next = null;
            context.Notices.End(told, query, followed);
        }
    }

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

        [LoggerMessage(2, LogLevel.Debug, "Listed {Count} {Kind} in namespace {Namespace} anew.", EventName = nameof(ListedAnew))]
        public static partial void ListedAnew(ILogger logger, int count, ResourceKind kind, string @namespace);

        [LoggerMessage(3, LogLevel.Debug, "The API server has no {Kind} in version {Version}: there are none until their CRD is installed.", EventName = nameof(KindAbsent))]
        public static partial void KindAbsent(ILogger logger, ResourceKind kind, string version);

        [LoggerMessage(4, LogLevel.Information, "The API server has no {Kind} in version {Version} any more: there are none until their CRD is installed again.", EventName = nameof(KindGone))]
        public static partial void KindGone(ILogger logger, ResourceKind kind, string version);

        [LoggerMessage(5, LogLevel.Debug, "The API server cannot go on with the {Kind} in namespace {Namespace}; they are listed anew. {Reason}", EventName = nameof(Forgotten))]
        public static partial void Forgotten(ILogger logger, ResourceKind kind, string @namespace, string reason);

        [LoggerMessage(6, LogLevel.Information, "The {Kind} in namespace {Namespace} may have changed in ways that nobody was told of. {Reason}", EventName = nameof(Behind))]
        public static partial void Behind(ILogger logger, ResourceKind kind, string @namespace, string reason);

        [LoggerMessage(7, LogLevel.Warning, "The object {Name} of {Kind} in namespace {Namespace} is left out: {Reason}", EventName = nameof(ObjectRefused))]
        public static partial void ObjectRefused(ILogger logger, ResourceKind kind, string @namespace, string name, string reason);

        [LoggerMessage(8, LogLevel.Error, "A step in following {Kind} in namespace {Namespace} broke; the objects are listed again.", EventName = nameof(WatchBroke))]
        public static partial void WatchBroke(ILogger logger, Exception exception, ResourceKind kind, string @namespace);
    }
}

using System.Buffers;
using System.Net;
using System.Text.Json;

namespace EndpointPicker.Cluster.Api;

/// <summary>
/// Follows the objects of one kind in one namespace: lists them, then watches their changes. A watch that ends, breaks or stalls goes on where it was;
/// only where the server has forgotten that place, or has never been there, are the objects listed again. See
/// <see href="https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes">Efficient detection of changes</see>.
/// </summary>
/// <typeparam name="T">What the reader makes of an object.</typeparam>
internal sealed class ResourceWatch<T>
{
    // etcd takes 1.5 MiB, and no kind of ours comes near; a peer that sends more is no API server.
    private const long MaxObject = 16 * 1024 * 1024;

    // A watch that held this long, or told of a change, was no part of a row of failures.
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(1);

    // How long after its own time limit a watch is given up, where the connection shows no other sign of death.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    // A server that starts may not know its custom kinds yet, and a proxy may have a bad moment: what is known is not thrown away for one 404.
    private const int MissingForGood = 3;

    // A kind that is served and forbidden is asked about anew at one of so many refusals, as its CRD may be removed: at each, the requests would double.
    private const int RefusalsPerQuestion = 8;

    private const int BreaksUntold = 3;

    private static readonly TimeSpan AbsentPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ForbiddenPause = TimeSpan.FromSeconds(5);

    private readonly ApiClient _client;
    private readonly ResourceQuery _query;
    private readonly IResourceSink<T> _sink;
    private readonly WatchContext _context;
    private readonly WatchStatus _status;
    private readonly ObjectReading<T> _reading;
    private readonly ResourceLister<T> _lister;
    private readonly Backoff _backoff;
    private readonly TaskCompletionSource _firstSync = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Where the watch goes on; null where the objects are to be listed.
    private string? _version;

    // Whether the server may be another than before, or have other data. A watch from a version that it has not reached is silent until it has, so that
    // it has to be asked: https://kubernetes.io/docs/reference/using-api/api-concepts/#unavailable-resource-versions
    private bool _doubted;

    private bool _absent;
    private bool _known;
    private int _missing;

    // Watches in a row that were opened and soon were over. One is the way of networks; that none of the next holds is worth telling.
    private int _breaks;

    // What discovery said of the kind after a request was forbidden; null where it was not asked, or could not say.
    private bool? _served;
    private int _forbidden;

    public ResourceWatch(ApiClient client, ResourceQuery query, ResourceReader<T> reader, IResourceSink<T> sink, WatchContext context)
    {
        _client = client;
        _query = query;
        _sink = sink;
        _context = context;
        _status = new WatchStatus(query, context);
        _reading = new ObjectReading<T>(reader, _status);
        _lister = new ResourceLister<T>(client, query, _reading);
        _backoff = new Backoff(context.Random);
    }

    /// <summary>What the watch is about; readable at any time.</summary>
    public WatchState State => _status.State;

    /// <summary>Completes when the sink has first been told all objects, or that the kind is absent.</summary>
    public Task FirstSync => _firstSync.Task;

    /// <summary>Follows until the token ends; nothing else ends it.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FollowForEverAsync(cancellationToken);
        }
        finally
        {
            _status.Ended();
        }
    }

    private async Task FollowForEverAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan pause;
            try
            {
                pause = await (_version is { } version ? FollowAsync(version, cancellationToken) : ListAsync(cancellationToken));
            }
            catch (Exception failure)
            {
                cancellationToken.ThrowIfCancellationRequested();
                pause = _backoff.Next();
                _doubted = true;
                if (TransportFailure.Is(failure))
                {
                    _status.Fail(WatchFault.Unreachable(TransportFailure.Reason(failure)));
                }
                else
                {
                    // What the sink has taken is uncertain now.
                    _version = null;
                    _status.Broke(failure);
                }
            }

            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, _context.Time, cancellationToken);
            }
        }
    }

    private async ValueTask<TimeSpan> ListAsync(CancellationToken cancellationToken)
    {
        _status.Listing();
        if (_served == false && (_served = await ServedKinds.AskAsync(_client, _query.Kind, cancellationToken)) == false)
        {
            return Missing(RefusalText.Unnamed(_query));
        }

        ResourceList<T> list = await _lister.ListAsync(cancellationToken);
        if (list.Refusal is { } refusal)
        {
            return await RefusedAsync(refusal, "list", cancellationToken);
        }

        _sink.Replace(list.Items);
        _version = list.Version;
        _doubted = false;
        _absent = false;
        _known = true;
        _missing = 0;
        _served = null;
        _status.Listed(list.Items.Count);
        _firstSync.TrySetResult();
        return TimeSpan.Zero;
    }

    private async ValueTask<TimeSpan> FollowAsync(string version, CancellationToken cancellationToken)
    {
        if (_doubted)
        {
            ApiAnswer reached = await _client.SendAsync(HttpMethod.Get, _query.ReachedPath(version), ReadOnlyMemory<byte>.Empty, cancellationToken);
            if (!reached.IsSuccess)
            {
                return await RefusedAsync(reached, "list", cancellationToken);
            }

            _doubted = false;
        }

        // Where the connection itself is probed, the times of client-go; else short ones, as the end of its time is what tells a stalled watch.
        int seconds = _client.IsProbed ? _context.Random.Next(290, 581) : _context.Random.Next(40, 51);
        using ApiStream stream = await _client.OpenAsync(_query.WatchPath(version, seconds), cancellationToken);
        if (stream.Refusal is { } refusal)
        {
            return await RefusedAsync(refusal, "watch", cancellationToken);
        }

        long opened = _context.Time.GetTimestamp();
        string? broken = null;
        using RequestBudget limit = new(TimeSpan.FromSeconds(seconds) + Grace, _context.Time, cancellationToken);
        try
        {
            JsonFrames frames = new(stream.Body, MaxObject);
            while (broken is null && await NextAsync(frames, limit.Token) is { } frame)
            {
                broken = Apply(frame);
            }
        }
        catch (Exception failure) when (TransportFailure.Is(failure) && !cancellationToken.IsCancellationRequested)
        {
            broken = TransportFailure.Reason(failure);
        }

        bool healthy = _context.Time.GetElapsedTime(opened) >= Healthy;
        if (healthy || (_version is not null && _version != version))
        {
            _backoff.Reset();
            _breaks = 0;
        }

        return healthy && broken is null ? TimeSpan.Zero : Again(broken ?? "the watch ends at once");
    }

    private TimeSpan Again(string reason)
    {
        _doubted = true;
        if (_version is null)
        {
            _status.Forgotten(reason);
        }

        if (++_breaks > BreaksUntold)
        {
            _status.Fail(WatchFault.Unreachable(reason));
        }

        return _backoff.Next();
    }

    // After a failure a watch that is opened says little: a server that was away has often forgotten the place to go on from, and says so only then.
    private async ValueTask<ReadOnlySequence<byte>?> NextAsync(JsonFrames frames, CancellationToken cancellationToken)
    {
        if (_status.State.Phase != WatchPhase.Failing)
        {
            return await frames.NextAsync(cancellationToken);
        }

        Task<ReadOnlySequence<byte>?> next = frames.NextAsync(cancellationToken).AsTask();
        await Task.WhenAny(next, Task.Delay(Healthy, _context.Time, cancellationToken));
        if (!next.IsCompleted && !cancellationToken.IsCancellationRequested)
        {
            _status.Synced();
        }

        return await next;
    }

    // Answers why the watch cannot go on; null where it can.
    private string? Apply(in ReadOnlySequence<byte> bytes)
    {
        WatchFrame frame = WatchFrame.Read(bytes);
        Utf8JsonReader json = frame.Object;
        if (frame.Kind == WatchEventKind.Error)
        {
            // Mostly 410: the place is forgotten. After other errors the server cannot go on from it either.
            _version = null;
            StatusObject status = StatusObject.Read(json);
            return $"the API server ended the watch: {status.Code} {status.Reason}: {status.Message}";
        }

        if (frame.Kind is WatchEventKind.Put or WatchEventKind.Removed)
        {
            bool gone = frame.Kind == WatchEventKind.Removed;
            if (_reading.TryRead(json, out T? item))
            {
                Tell(item, gone);
            }
            else if (gone)
            {
                // Which object it was cannot be told; a list tells what is left.
                _version = null;
                return "an object that was deleted could not be read";
            }
        }

        string version = ObjectHeader.Of(json).ResourceVersion;
        _version = version.Length > 0 ? version : _version;
        _status.Synced();
        return null;
    }

    private void Tell(T item, bool gone)
    {
        if (gone)
        {
            _sink.Remove(item);
        }
        else
        {
            _sink.Put(item);
        }
    }

    private async ValueTask<TimeSpan> RefusedAsync(ApiAnswer answer, string verb, CancellationToken cancellationToken) =>
        answer.Status == (int)HttpStatusCode.Forbidden && !await IsServedAsync(cancellationToken) ? Missing(RefusalText.Unnamed(_query)) : Refused(answer, verb);

    // A forbidden kind need not be there: see ServedKinds.
    private async ValueTask<bool> IsServedAsync(CancellationToken cancellationToken)
    {
        if (_served is null || ++_forbidden % RefusalsPerQuestion == 0)
        {
            _served = await ServedKinds.AskAsync(_client, _query.Kind, cancellationToken);
            _missing = _served == true ? 0 : _missing;
        }

        return _served != false;
    }

    private TimeSpan Refused(ApiAnswer answer, string verb)
    {
        if (answer.VersionTooLarge)
        {
            _version = null;
            _status.Behind(WatchFault.Of(_query.Kind, "behind", RefusalText.Behind(_query, answer)));
            return _backoff.Next(answer.RetryAfter);
        }

        switch ((HttpStatusCode)answer.Status)
        {
            case HttpStatusCode.NotFound:
                _served = null;
                return Missing(RefusalText.Missing(_query, answer));
            case HttpStatusCode.Gone:
                _version = null;
                return Again(RefusalText.Other(_query, verb, answer));
            case HttpStatusCode.Forbidden:
                _status.Fail(WatchFault.Of(_query.Kind, "forbidden", RefusalText.Forbidden(_query, verb, answer)));
                return Jittered(ForbiddenPause);
            case HttpStatusCode.Unauthorized:
                _status.Fail(WatchFault.Unauthorized(RefusalText.Unauthorized(_client.Source, answer)));
                return _backoff.Next();
            case HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError:
                _doubted = true;
                _status.Fail(WatchFault.Overtaxed(answer, RefusalText.Other(_query, verb, answer)));
                return _backoff.Next(answer.RetryAfter);
            default:
                // The place to go on from may be what the server does not like.
                _version = null;
                _status.Fail(WatchFault.Of(_query.Kind, "refused", RefusalText.Other(_query, verb, answer)));
                return _backoff.Next();
        }
    }

    private TimeSpan Missing(string reason)
    {
        _version = null;
        if (_known && ++_missing < MissingForGood)
        {
            _status.Fail(WatchFault.Of(_query.Kind, "missing", reason));
        }
        else
        {
            Absent();
        }

        return Jittered(AbsentPause);
    }

    private void Absent()
    {
        // First, so that whoever is told finds it said here too.
        _status.Absent();
        if (!_absent)
        {
            _absent = true;
            _known = false;
            _sink.Absent();
        }

        _backoff.Reset();
        _firstSync.TrySetResult();
    }

    private TimeSpan Jittered(TimeSpan pause) => pause * (1 + _context.Random.NextDouble());
}

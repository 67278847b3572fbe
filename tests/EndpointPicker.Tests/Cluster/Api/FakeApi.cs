using System.Collections.Concurrent;
using System.Globalization;
using EndpointPicker.Cluster.Api;
using EndpointPicker.Tests.DataLayer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EndpointPicker.Tests.Cluster.Api;

/// <summary>
/// An API server that answers as a test says, over plain HTTP/1.1: scripted answers first, then lists of nothing and watches that stay silent. Where
/// the test does not say otherwise, its discovery names <c>things</c> and it has reached every version.
/// </summary>
internal sealed class FakeApi : IAsyncDisposable
{
    private readonly ConcurrentQueue<RequestDelegate> _lists = new();
    private readonly ConcurrentQueue<RequestDelegate> _watches = new();
    private readonly ConcurrentQueue<RequestDelegate> _discoveries = new();
    private readonly ConcurrentQueue<RequestDelegate> _checks = new();
    private readonly CancellationTokenSource _end = new();
    private WebApplication _server = null!;

    /// <summary>The queries of the lists so far.</summary>
    public ConcurrentQueue<IQueryCollection> Lists { get; } = new();

    /// <summary>The queries of the watches so far.</summary>
    public ConcurrentQueue<IQueryCollection> Watches { get; } = new();

    /// <summary>The queries so far that ask whether a version is reached.</summary>
    public ConcurrentQueue<IQueryCollection> Checks { get; } = new();

    /// <summary>The paths that discovery was asked for so far.</summary>
    public ConcurrentQueue<string> Discoveries { get; } = new();

    /// <summary>The <c>Authorization</c> headers so far.</summary>
    public ConcurrentQueue<string> Tokens { get; } = new();

    /// <summary>The way to it.</summary>
    public ClusterAccess Access => new() { Server = new Uri(_server.Urls.First()), Source = "the test" };

    public static async Task<FakeApi> StartAsync()
    {
        FakeApi api = new();
        api._server = await TestServer.StartAsync(tls: false, api.AnswerAsync);
        return api;
    }

    /// <summary>How the next list is answered.</summary>
    public FakeApi List(RequestDelegate answer)
    {
        _lists.Enqueue(answer);
        return this;
    }

    /// <summary>How the next watch is answered.</summary>
    public FakeApi Watch(RequestDelegate answer)
    {
        _watches.Enqueue(answer);
        return this;
    }

    /// <summary>How it is answered next whether a version is reached.</summary>
    public FakeApi Check(RequestDelegate answer)
    {
        _checks.Enqueue(answer);
        return this;
    }

    /// <summary>How discovery is answered next.</summary>
    public FakeApi Discover(RequestDelegate answer)
    {
        _discoveries.Enqueue(answer);
        return this;
    }

    /// <summary>What discovery says of a version that has certain kinds.</summary>
    public static RequestDelegate Kinds(params string[] plurals) =>
        Text($$"""{"kind":"APIResourceList","resources":[{{string.Join(',', plurals.Select(plural => $$"""{"name":"{{plural}}"}"""))}}]}""");

    /// <summary>Answers with a text.</summary>
    public static RequestDelegate Text(string body, int status = 200, string retryAfter = "") => context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        if (retryAfter.Length > 0)
        {
            context.Response.Headers.RetryAfter = retryAfter;
        }

        return context.Response.WriteAsync(body);
    };

    /// <summary>Answers as the API server refuses.</summary>
    public static RequestDelegate Status(int code, string reason, string retryAfter = "") =>
        Text(StatusJson(code, reason), code, retryAfter);

    /// <summary>A refusal's object.</summary>
    public static string StatusJson(int code, string reason) => string.Create(
        CultureInfo.InvariantCulture, $$"""{"kind":"Status","status":"Failure","message":"it says {{reason}}","reason":"{{reason}}","code":{{code}}}""");

    /// <summary>Sends text and keeps the connection open.</summary>
    public RequestDelegate Open(params string[] texts) => async context =>
    {
        await SendAsync(context, texts);
        await StayAsync(context);
    };

    /// <summary>Sends text.</summary>
    public static async Task SendAsync(HttpContext context, params string[] texts)
    {
        await context.Response.Body.FlushAsync();
        foreach (string text in texts)
        {
            await context.Response.WriteAsync(text);
            await context.Response.Body.FlushAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _server.DisposeAsync();
        _end.Dispose();
    }

    /// <summary>Keeps the connection open until the client or the test ends it.</summary>
    public async Task StayAsync(HttpContext context)
    {
        TaskCompletionSource over = new();
        using CancellationTokenRegistration ended = _end.Token.Register(() => over.TrySetResult());
        using CancellationTokenRegistration aborted = context.RequestAborted.Register(() => over.TrySetResult());
        await over.Task;
    }

    private Task AnswerAsync(HttpContext context)
    {
        Tokens.Enqueue(context.Request.Headers.Authorization.ToString());
        if (!context.Request.Path.Value!.Contains("/namespaces/", StringComparison.Ordinal))
        {
            Discoveries.Enqueue(context.Request.Path.Value);
            return (_discoveries.TryDequeue(out RequestDelegate? said) ? said : Kinds("things"))(context);
        }

        if (context.Request.Query.ContainsKey("resourceVersionMatch"))
        {
            Checks.Enqueue(context.Request.Query);
            return (_checks.TryDequeue(out RequestDelegate? reached) ? reached : Text(TestObject.List(1, "")))(context);
        }

        bool watch = context.Request.Query["watch"] == "true";
        (watch ? Watches : Lists).Enqueue(context.Request.Query);
        return (watch ? _watches : _lists).TryDequeue(out RequestDelegate? answer) ? answer(context)
            : watch ? Open()(context)
            : Text(TestObject.List(1, ""))(context);
    }
}

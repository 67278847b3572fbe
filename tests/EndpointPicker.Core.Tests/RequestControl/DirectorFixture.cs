using System.Text;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Scheduling;
using EndpointPicker.Core.Scheduling.Scorers;
using EndpointPicker.Core.Tests.Scheduling;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EndpointPicker.Core.Tests.RequestControl;

/// <summary>A director over a small pool in virtual time.</summary>
internal sealed class DirectorFixture
{
    public DirectorFixture(int endpoints, Scheduler? scheduler = null, Func<DecisionPolicy, DecisionPolicy>? policy = null, RequestMetrics? metrics = null)
        : this(new TestPool(endpoints), scheduler, policy, metrics)
    {
    }

    public DirectorFixture(
        TestPool pool,
        Scheduler? scheduler = null,
        Func<DecisionPolicy, DecisionPolicy>? policy = null,
        RequestMetrics? metrics = null,
        ILogger<RequestDirector>? logger = null)
    {
        Pool = pool;
        Log = new DecisionLog(8, pool.Time);
        Scheduler chosen = scheduler ?? FakePlugins.Scheduler((new ActiveRequestScorer(new ActiveRequestScorerOptions()), 1));
        DecisionPolicy made = new() { Scheduler = chosen, Freshness = Pool.Freshness };
        Director = new RequestDirector(
            Pool.Pool, policy?.Invoke(made) ?? made, new RequestTelemetry(metrics, Log, logger ?? NullLogger<RequestDirector>.Instance), Pool.Time, new Random(7));
    }

    public TestPool Pool { get; }

    public DecisionLog Log { get; }

    public RequestDirector Director { get; }

    public int[] InFlight => [.. Pool.Endpoints.Select(e => e.InFlight.Requests)];

    public RequestState Begin(params (string Name, string Value)[] headers)
    {
        RequestState state = new();
        state.Request.Headers.Add(":method"u8, "POST"u8);
        foreach ((string name, string value) in headers)
        {
            state.Request.Headers.Add(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
        }

        Director.Begin(state);
        return state;
    }

    public static RequestState State(string method, string path)
    {
        RequestState state = new();
        state.Request.Headers.Add(":method"u8, Encoding.UTF8.GetBytes(method));
        state.Request.Headers.Add(":path"u8, Encoding.UTF8.GetBytes(path));
        return state;
    }

    /// <summary>Reads a whole chat, and ends it once it is placed.</summary>
    public string ScheduleChat(string model, string content)
    {
        RequestState state = State("POST", "/v1/chat/completions");
        Assert.True(Director.Begin(state));
        Director.Append(state, Encoding.UTF8.GetBytes($$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{content}}"}]}"""));
        Assert.Equal(PickReason.Scheduled, Schedule(state).Reason);
        string name = state.Picks[0].Name;
        Director.End(state, StreamEnd.Completed);
        return name;
    }

    public RequestState BeginChat(string model = "m", params (string Name, string Value)[] headers)
    {
        RequestState state = Begin(headers);
        state.Reader = new FakeReader(state.Request, model);
        state.PassesUnread = false;
        return state;
    }

    public SchedulingResult Schedule(RequestState state, BodyEnd end = BodyEnd.Complete)
    {
        ValueTask<SchedulingResult> scheduling = Director.ScheduleAsync(state, end, TestContext.Current.CancellationToken);
        return scheduling.IsCompletedSuccessfully ? scheduling.Result : throw new InvalidOperationException("The decision waits.");
    }
}

using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Tests.RequestControl;

namespace EndpointPicker.Core.Tests.Endpoints;

/// <summary>The estimate for requests whose end is not seen, in virtual time through the director.</summary>
public sealed class UnseenRequestsTests
{
    private readonly DirectorFixture _fixture = new(1);

    private int InFlight => _fixture.InFlight[0];

    [Fact]
    public void RequestSent_BeforeAnyScrape_StaysCounted()
    {
        Send(3);
        Sweep(TimeSpan.FromSeconds(1));

        Assert.Equal(3, InFlight);
    }

    [Fact]
    public void Scrape_Settled_KeepsAsManyAsTheServerHas()
    {
        Send(5);
        _fixture.Pool.Time.Advance(TimeSpan.FromSeconds(1));
        Scrape(running: 1, waiting: 1);
        Sweep(TimeSpan.FromMilliseconds(100));
        Assert.Equal(2, InFlight);

        Scrape(running: 0, waiting: 0);
        Sweep(TimeSpan.FromMilliseconds(100));
        Assert.Equal(0, InFlight);
    }

    [Fact]
    public void Scrape_TooYoungToKnow_DropsNothing()
    {
        Send(2);
        _fixture.Pool.Time.Advance(TimeSpan.FromMilliseconds(200));
        Scrape(running: 0, waiting: 0);
        Sweep(TimeSpan.FromMilliseconds(100));

        Assert.Equal(2, InFlight);
    }

    [Fact]
    public void Scrape_RunningAbsent_DropsNothing()
    {
        Send(2);
        _fixture.Pool.Time.Advance(TimeSpan.FromSeconds(1));
        _fixture.Pool.Publish(0, new EndpointSignals { WaitingRequests = 0 });
        Sweep(TimeSpan.FromMilliseconds(100));

        Assert.Equal(2, InFlight);
    }

    [Fact]
    public void Scrape_WithSeenRequests_CountsThoseFirst()
    {
        RequestState seen = _fixture.BeginChat();
        _fixture.Schedule(seen);
        Send(3);
        _fixture.Pool.Time.Advance(TimeSpan.FromSeconds(1));

        // Two on the server, one of which is the seen one: one unseen lives.
        Scrape(running: 2, waiting: 0);
        Sweep(TimeSpan.FromMilliseconds(100));

        Assert.Equal(2, InFlight);
        _fixture.Director.End(seen, StreamEnd.Completed);
        Assert.Equal(1, InFlight);
    }

    [Fact]
    public void NoScrapes_AgeDropsThem()
    {
        Send(2);
        Sweep(TimeSpan.FromSeconds(59));
        Assert.Equal(2, InFlight);
        Sweep(TimeSpan.FromSeconds(1));

        Assert.Equal(0, InFlight);
    }

    [Fact]
    public void ManyUnseen_AreBounded()
    {
        Send(10_000);
        Assert.Equal(4096, InFlight);
        Sweep(TimeSpan.FromSeconds(61));
        Assert.Equal(0, InFlight);
    }

    [Fact]
    public void Tokens_OfUnseenRequests_GoWithThem()
    {
        Reservation reservation = new();
        Endpoint endpoint = _fixture.Pool.Endpoints[0];
        reservation.Take(endpoint);
        reservation.ChargeTokens(500, untilEnd: false);
        reservation.LeaveUnseen(_fixture.Pool.Time.GetTimestamp());
        reservation.Release();
        Assert.Equal((1, 500L), (endpoint.InFlight.Requests, endpoint.InFlight.Tokens));

        Sweep(TimeSpan.FromSeconds(61));
        Assert.Equal((0, 0L), (endpoint.InFlight.Requests, endpoint.InFlight.Tokens));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 500)]
    public void Tokens_OfALivingUnseenRequest_GoOnceNothingWaits(int waiting, long expected)
    {
        Reservation reservation = new();
        Endpoint endpoint = _fixture.Pool.Endpoints[0];
        reservation.Take(endpoint);
        reservation.ChargeTokens(500, untilEnd: false);
        reservation.LeaveUnseen(_fixture.Pool.Time.GetTimestamp());
        _fixture.Pool.Time.Advance(TimeSpan.FromSeconds(1));
        Scrape(running: 1, waiting);
        Sweep(TimeSpan.FromMilliseconds(100));
        Assert.Equal((1, expected), (endpoint.InFlight.Requests, endpoint.InFlight.Tokens));

        Sweep(TimeSpan.FromSeconds(61));
        Assert.Equal((0, 0L), (endpoint.InFlight.Requests, endpoint.InFlight.Tokens));
    }

    private void Send(int count)
    {
        for (int i = 0; i < count; i++)
        {
            RequestState state = _fixture.BeginChat();
            _fixture.Schedule(state);
            _fixture.Director.End(state, StreamEnd.RequestSent);
        }
    }

    private void Scrape(int running, int waiting) =>
        _fixture.Pool.Publish(0, new EndpointSignals { RunningRequests = running, WaitingRequests = waiting });

    // Any pick sweeps; this one leaves nothing behind.
    private void Sweep(TimeSpan after)
    {
        _fixture.Pool.Time.Advance(after);
        RequestState state = _fixture.Begin();
        _fixture.Director.ScheduleNow(state, PickReason.BodyNotSent);
        _fixture.Director.End(state, StreamEnd.Abandoned);
    }
}

using System.Globalization;
using Testing;

namespace EndpointPicker.Tests.Cluster.Leases;

/// <summary>
/// Replicas whose requests are late, lost, or answered after they gave up waiting, whose wall clocks jump, and that stop, are killed and come
/// again: never do two of them believe that they lead.
/// </summary>
public sealed class LeaderElectionChaosTests
{
    private const int Minutes = 10;

    private readonly ManualTimeProvider _clock = new();
    private readonly FakeLeaseStore _store;
    private readonly List<Replica> _replicas = [];
    private int _created;

    public LeaderElectionChaosTests()
    {
        _store = new FakeLeaseStore(_clock);
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 200)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Replicas_WhateverHappens_NeverLeadTogether(int seed)
    {
        Random random = new(seed * 7919);
        int count = 2 + (seed % 2);
        for (int i = 0; i < count; i++)
        {
            Join(random);
        }

        int led = 0;
        DateTimeOffset end = _clock.GetUtcNow().AddMinutes(Minutes);
        while (_clock.GetUtcNow() < end)
        {
            if (random.Next(25) == 0)
            {
                // Most often the one that leads: there the mistakes would be.
                Replica? leader = _replicas.Find(replica => replica.Leads);
                Disturb(leader is not null && random.Next(2) == 0 ? leader : _replicas[random.Next(_replicas.Count)], random);
            }

            _clock.Advance(TimeSpan.FromMilliseconds(random.Next(1, 400)));
            Check();
            led += _replicas.Any(replica => replica.Leads) ? 1 : 0;
        }

        Assert.NotEqual(0, led);
        _replicas.ForEach(replica => Mend(replica, random));
        Calm();
        Assert.Single(_replicas, replica => replica.Leads);
        Assert.All(_replicas, replica => Assert.DoesNotContain("Broke", replica.Log.Events));
    }

    private void Disturb(Replica replica, Random random)
    {
        switch (random.Next(10))
        {
            case 0:
                replica.Connection.Down = "connection refused";
                break;
            case 1:
                replica.Connection.Delay = () => (Span(random, 12), Span(random, 12));
                break;
            case 2:
                replica.Connection.Delay = () => (random.Next(3) == 0 ? Timeout.InfiniteTimeSpan : Span(random, 3), random.Next(3) == 0 ? Timeout.InfiniteTimeSpan : Span(random, 3));
                break;
            case 3:
                replica.Connection.Delay = () => (TimeSpan.Zero, Span(random, 5));
                break;
            case 4:
                replica.Clock.Wrong = TimeSpan.FromHours((random.NextDouble() - 0.5) * 1000);
                break;
            case 5:
                _ = replica.StopAsync();
                Leave(replica, random);
                break;
            case 6:
                // Killed: what it has sent may still arrive, and it asks for nothing more.
                replica.Connection.Down = "dead";
                Leave(replica, random);
                break;
            default:
                Mend(replica, random);
                break;
        }
    }

    private void Join(Random random)
    {
        Replica replica = new(string.Create(CultureInfo.InvariantCulture, $"replica-{++_created}"), _store, _clock, random.Next()) { Changed = _ => Check() };
        Mend(replica, random);
        _replicas.Add(replica);
        replica.Start();
    }

    private void Leave(Replica replica, Random random)
    {
        _replicas.Remove(replica);
        replica.Changed = null;
        Join(random);
    }

    private void Check()
    {
        if (_replicas.Count(replica => replica.Leads) > 1)
        {
            Assert.Fail($"{string.Join(" and ", _replicas.Where(replica => replica.Leads).Select(replica => replica.Election.State))} at {_clock.GetUtcNow():O}");
        }
    }

    private void Calm()
    {
        for (int i = 0; i < 300; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(200));
            Check();
        }
    }

    private static void Mend(Replica replica, Random random)
    {
        replica.Connection.Down = null;
        replica.Connection.Delay = () => (Span(random, 0.2), Span(random, 0.2));
    }

    private static TimeSpan Span(Random random, double most) => TimeSpan.FromSeconds(random.NextDouble() * most);
}

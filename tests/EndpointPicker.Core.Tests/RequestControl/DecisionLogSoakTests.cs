using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Tests.Scheduling;

namespace EndpointPicker.Core.Tests.RequestControl;

/// <summary>Whatever is read while picks go on is one decision, never a mixture of two.</summary>
public sealed class DecisionLogSoakTests
{
    private const int Endpoints = 40;
    private const int Decisions = 20_000;

    [Fact]
    public async Task Snapshot_WhilePicksGoOn_IsNeverTorn()
    {
        // Scores by slot, and a filter that removes every fifth: each candidate of a whole decision can be told right from wrong.
        DirectorFixture fixture = new(
            Endpoints,
            FakePlugins.Scheduler(
                [new FakePlugins.Keep([.. Enumerable.Range(0, Endpoints).Where(slot => slot % 5 > 0)])],
                [(new FakePlugins.Scores([.. Enumerable.Range(0, Endpoints).Select(slot => slot / 100.0)]), 2)]));
        fixture.Log.Enabled = true;
        CancellationToken cancel = TestContext.Current.CancellationToken;
        Task[] writers = [.. Enumerable.Range(0, 2).Select(writer => Task.Run(() => Write(fixture, writer), cancel))];
        int read = 0;
        while (!Array.TrueForAll(writers, writer => writer.IsCompleted))
        {
            foreach (Decision decision in fixture.Log.Snapshot())
            {
                Check(decision);
                read++;
            }
        }

        await Task.WhenAll(writers);
        Assert.True(read > 0);
    }

    // The subset's size, and with it the length of all that is recorded, follows from the request id.
    private static void Write(DirectorFixture fixture, int writer)
    {
        Endpoint[] endpoints = fixture.Pool.Endpoints;
        for (int i = 0; i < Decisions; i++)
        {
            int size = 2 + ((i + writer) % (Endpoints - 1));
            RequestState state = fixture.BeginChat($"{size}", ("x-request-id", $"{size}"));
            if (size < Endpoints)
            {
                state.Request.Subset.Begin();
                for (int slot = 0; slot < size; slot++)
                {
                    state.Request.Subset.Add(endpoints[slot].DestinationUtf8.Span);
                }
            }

            fixture.Schedule(state);
            fixture.Director.End(state, StreamEnd.Completed);
        }
    }

    private static void Check(Decision decision)
    {
        Assert.Equal(decision.RequestId, decision.Model);
        Assert.Equal(decision.RequestId, $"{decision.CandidateCount}");
        Assert.Equal(decision.CandidateCount, decision.Candidates.Count);
        for (int slot = 0; slot < decision.Candidates.Count; slot++)
        {
            CandidateDecision candidate = decision.Candidates[slot];
            Assert.Equal($"pod-{slot}", candidate.Endpoint);
            Assert.Equal(slot % 5 > 0 ? null : "filter-0", candidate.RemovedBy);
            Assert.Equal(slot % 5 > 0 ? slot / 100.0 * 2 : 0, candidate.Total);
        }

        Assert.Equal(decision.Picks[0], decision.Pick?.Destination);
        Assert.Equal(decision.Candidates.Where(c => c.RemovedBy is null).Max(c => c.Total), decision.Pick?.Total);
    }
}

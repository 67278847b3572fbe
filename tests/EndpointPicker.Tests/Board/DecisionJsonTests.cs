using System.Collections.Frozen;
using System.Text.Json;
using EndpointPicker.Board;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.RequestControl;
using static EndpointPicker.Tests.Board.Decisions;

namespace EndpointPicker.Tests.Board;

public sealed class DecisionJsonTests
{
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Write_NumbersThatJsonHasNot_AreNull(double broken)
    {
        Decision decision = Scored([1, 0]);
        CandidateDecision candidate = decision.Candidates[0] with
        {
            Total = broken,
            Scores = [broken, 0.5],
            Signals = new EndpointSignals { KvCacheUsage = broken, Custom = new Dictionary<string, double> { ["heat"] = broken }.ToFrozenDictionary() },
        };
        using MemoryStream page = new();
        using (Utf8JsonWriter json = new(page))
        {
            new DecisionJson(TimeProvider.System).Write(
                json,
                decision with { Candidates = [candidate, decision.Candidates[1]], Pick = candidate, Scorers = [new ScorerLabel("queue", broken), new ScorerLabel("prefix", 1)] },
                now: 0);
        }

        JsonElement written = JsonDocument.Parse(page.ToArray()).RootElement;
        JsonElement first = written.GetProperty("candidates")[0];
        Assert.Equal(JsonValueKind.Null, written.GetProperty("margin").ValueKind);
        Assert.Equal(JsonValueKind.Null, first.GetProperty("total").ValueKind);
        Assert.Equal(JsonValueKind.Null, first.GetProperty("signals").GetProperty("kvCacheUsage").ValueKind);
        Assert.Equal("""{"heat":null}""", first.GetProperty("signals").GetProperty("custom").GetRawText());
        Assert.Equal("null", first.GetProperty("scores").GetProperty("queue").GetProperty("raw").GetRawText());
        Assert.Equal("""{"raw":0.5,"weighted":0.5}""", first.GetProperty("scores").GetProperty("prefix").GetRawText());
        Assert.Equal("""{"raw":0,"weighted":null}""", written.GetProperty("candidates")[1].GetProperty("scores").GetProperty("queue").GetRawText());
    }
}

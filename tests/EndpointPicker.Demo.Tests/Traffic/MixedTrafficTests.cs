using System.Text;
using System.Text.Json;
using EndpointPicker.Demo.Traffic;

namespace EndpointPicker.Demo.Tests.Traffic;

public sealed class MixedTrafficTests
{
    private const int Count = 600;

    [Fact]
    public void Sessions_OfTwoRuns_AreTheSame()
    {
        IEnumerable<(TimeSpan Start, string Body)> first = Sample(20);

        Assert.Equal(first, Sample(20));
    }

    [Fact]
    public void Sessions_Rate_IsTheMean()
    {
        PlannedSession last = MixedTraffic.Create(rate: 10).Sessions.Take(Count).Last();

        Assert.InRange(last.Start.TotalSeconds, Count / 10 * 0.85, Count / 10 * 1.15);
    }

    [Fact]
    public void Sessions_Mix_HasSharedPromptsAdaptersStreamsAndLongOnes()
    {
        JsonElement[] bodies = [.. Sample(Count).Select(session => JsonDocument.Parse(session.Body).RootElement)];

        Assert.InRange(bodies.Select(body => body.GetProperty("messages")[0].GetProperty("content").GetString()).Distinct().Count(), 20, 24);
        Assert.Equal([Models.Base, .. Models.Adapters], bodies.Select(body => body.GetProperty("model").GetString()).Distinct().Order(StringComparer.Ordinal));
        Assert.InRange(bodies.Count(body => body.GetProperty("stream").GetBoolean()), Count * 0.6, Count * 0.8);
        Assert.InRange(bodies.Count(body => body.GetProperty("messages")[1].GetProperty("content").GetString()!.Length > 3_000 * 4), Count / 24, Count / 6);
        Assert.InRange(bodies.Average(body => body.GetProperty("max_tokens").GetInt32()), 50, 100);
    }

    private static List<(TimeSpan Start, string Body)> Sample(int count) =>
        [.. MixedTraffic.Create(rate: 10).Sessions.Take(count).Select(session => (session.Start, Encoding.UTF8.GetString(session.Turns[0].Body.Value)))];
}

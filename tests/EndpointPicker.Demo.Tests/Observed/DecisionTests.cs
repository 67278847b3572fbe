using System.Text;
using EndpointPicker.Demo.Observed;

namespace EndpointPicker.Demo.Tests.Observed;

public sealed class DecisionTests
{
    private const string Page = """
        {"recorded": 2, "decisions": [
          {"sequence": 9, "model": "lora-sql", "reason": "Scheduled", "picked": "127.0.0.1:1", "why": "because", "candidates": [
            {"endpoint": "demo/a", "destination": "127.0.0.1:1", "total": 3.0, "scores": {"prefix-cache-scorer": {"raw": 1, "weighted": 2.5}, "lora-affinity-scorer": {"raw": 1, "weighted": 0.5}}},
            {"endpoint": "demo/b", "destination": "127.0.0.1:2", "total": 1.0, "scores": {"prefix-cache-scorer": {"raw": 0, "weighted": 0.7}, "lora-affinity-scorer": {"raw": 0, "weighted": 0.3}}},
            {"endpoint": "demo/c", "destination": "127.0.0.1:3", "removedBy": "some-filter"}]},
          {"sequence": 8, "model": "m", "reason": "NoEndpoint", "picked": null, "candidates": []}]}
        """;

    [Fact]
    public void Read_Page_PickRunnerUpAndSentenceAreThere()
    {
        IReadOnlyList<Decision> decisions = Read(Page);

        Assert.Equal([9, 8], decisions.Select(decision => decision.Sequence));
        Assert.Equal(("127.0.0.1:1", "127.0.0.1:2", "because"), (decisions[0].Pick!.Destination, decisions[0].RunnerUp!.Destination, decisions[0].Sentence));
        Assert.Equal((null, null, ""), (decisions[1].Pick, decisions[1].Sentence, decisions[1].Picked));
    }

    [Fact]
    public void Lead_Scorers_TheGreatestFirst() => Assert.Equal("prompt in its cache +1.80, adapter loaded +0.20", Read(Page)[0].Lead());

    [Fact]
    public void Lead_BaseModel_WantsNoAdapter() =>
        Assert.Contains("adapter slot free +0.20", Read(Page.Replace("lora-sql", "llama", StringComparison.Ordinal))[0].Lead(), StringComparison.Ordinal);

    [Fact]
    public void Lead_NoPick_IsTheReason() => Assert.Equal("NoEndpoint", Read(Page)[1].Lead());

    private static IReadOnlyList<Decision> Read(string page) => DecisionFeed.Read(Encoding.UTF8.GetBytes(page));
}

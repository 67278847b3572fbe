using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FunctionalTests.Deploy;
using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Rollouts;

/// <summary>The picker with the rights that the deploy folder gives its ServiceAccount, and with some of them missing.</summary>
public sealed partial class RightsProcessTests(RightsCluster cluster) : IClassFixture<RightsCluster>
{
    // What is refused at once hides what would come after: a list its watch, the pool its pods, a lease that cannot be read its writing. So
    // several processes, each without what the others' refusals hide.
    private static readonly string[][] Missing =
    [
        [
            "list inference.networking.k8s.io/inferencepools",
        ],
        [
            "list /pods",
            "watch inference.networking.k8s.io/inferencepools",
            "list inference.networking.x-k8s.io/inferencepools",
            "list inference.networking.x-k8s.io/inferencemodels",
            "list inference.networking.x-k8s.io/inferenceobjectives",
            "list inference.networking.x-k8s.io/inferencemodelrewrites",
            "list llm-d.ai/inferenceobjectives",
            "list llm-d.ai/inferencemodelrewrites",
            "get coordination.k8s.io/leases",
            "create authentication.k8s.io/tokenreviews",
        ],
        [
            "watch /pods",
            "watch inference.networking.x-k8s.io/inferencepools",
            "watch inference.networking.x-k8s.io/inferencemodels",
            "watch inference.networking.x-k8s.io/inferenceobjectives",
            "watch inference.networking.x-k8s.io/inferencemodelrewrites",
            "watch llm-d.ai/inferenceobjectives",
            "watch llm-d.ai/inferencemodelrewrites",
            "create coordination.k8s.io/leases",
            "create authorization.k8s.io/subjectaccessreviews",
        ],
        [
            "update coordination.k8s.io/leases",
        ],
    ];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Missing.Length)];

    [Fact]
    public async Task ServiceAccountOfTheDeployFolder_IsEnough()
    {
        await using EppProcess epp = await cluster.StartWithoutAsync();
        await epp.Process.WaitForLineAsync(line => line.Contains("\"event\":\"Ready\"", StringComparison.Ordinal));

        await epp.UntilPageAsync("/board/state", "127.0.0.1:8000");
        Assert.Equal(403, (await epp.GetFromAfarAsync("/metrics", await cluster.TokenAsync())).Status);
        Assert.DoesNotContain("forbid", epp.Process.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Cases_TakeEachRightAwayOnce() =>
        Assert.Equal(cluster.Granted.Select(right => right.ToString()).Order(StringComparer.Ordinal), Missing.SelectMany(rights => rights).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task RightsMissing_TheLogSaysEachAndWhatToGrant(int which)
    {
        Right[] missing = [.. Missing[which].Select(Right.Parse)];
        await using EppProcess epp = await cluster.StartWithoutAsync(missing);
        bool reviewed = !missing.Any(right => right.Resource.EndsWith("reviews", StringComparison.Ordinal));
        Assert.Equal(reviewed ? 403 : 503, (await epp.GetFromAfarAsync("/metrics", await cluster.TokenAsync())).Status);

        Dictionary<Right, string> refused = await Polling.UntilAsync(
            () => Task.FromResult(Refused(epp)), refused => !missing.Except(refused.Keys).Any(), $"all of {string.Join(", ", missing)} are told");

        Assert.Empty(refused.Keys.Except(missing));
        Assert.All(refused, refusal => Assert.Contains(Advice(refusal.Key), refusal.Value, StringComparison.Ordinal));
    }

    private static string Advice(Right right) => right.Resource switch
    {
        "leases" => $"grant the verbs get, create and update on leases of API group coordination.k8s.io in a Role of namespace {RightsCluster.Space}",
        "tokenreviews" or "subjectaccessreviews" => "grant the verb create on tokenreviews and subjectaccessreviews in a ClusterRole",
        _ => $"Grant the verb {right.Verb} on {right.Resource} in a Role of that namespace, and bind it to the service account of this process.",
    };

    // What the log says was refused, with the whole text.
    private static Dictionary<Right, string> Refused(EppProcess epp)
    {
        Dictionary<Right, string> refused = [];
        foreach (string line in epp.Process.Output.Split('\n').Where(line => line.StartsWith('{')))
        {
            string text = JsonNode.Parse(line)!.Text("msg");
            if (Refusal().Match(text) is { Success: true } match)
            {
                refused[new Right(match.Groups[1].Value, match.Groups[3].Value, match.Groups[2].Value)] = text;
            }
        }

        return refused;
    }

    [GeneratedRegex($"\"system:serviceaccount:{RightsCluster.Space}:epp\" cannot (\\w+) resource \"(\\w+)\" in API group \"([^\"]*)\"")]
    private static partial Regex Refusal();
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FunctionalTests.Harness;

namespace FunctionalTests.Deploy;

/// <summary>What the model servers are scaled by is what a picker exports, and what the adapter's rule takes.</summary>
[Collection(DeployTests.Name)]
public sealed partial class ScalingTests(DeployServer server)
{
    [Theory]
    [InlineData("model-server/vllm")]
    [InlineData("model-server/simulator")]
    public async Task Autoscaler_OfModelServers_NamesSeriesOfThePicker(string folder)
    {
        await using ModelServer model = (await ModelServer.StartAsync(1))[0];
        await using EppProcess epp = await EppProcess.StartAsync([model.Port]);
        string page = await epp.GetAsync("/metrics");
        Regex rule = new($"^{SeriesName().Match(await File.ReadAllTextAsync(Path.Combine(DeployFolders.Root, "model-server", "prometheus-adapter.yaml"), TestContext.Current.CancellationToken)).Groups[1].Value}$");
        JsonNode[] metrics = [.. Assert.Single((await server.RenderAsync(folder)).OfKind("HorizontalPodAutoscaler"))["spec"].Items("metrics")];

        Assert.NotEmpty(metrics);
        foreach (JsonNode metric in metrics.Select(metric => metric["external"]!))
        {
            string name = metric["metric"]!.Text("name");
            Assert.Matches(rule, name);
            Assert.Contains($"\n{name}{{name=\"pool\"}}", page, StringComparison.Ordinal);

            // The picker's means are means already.
            Assert.Equal("Value", metric["target"]!.Text("type"));
        }
    }

    [Fact]
    public async Task Rollout_OfModelServers_KeepsAllThatServe()
    {
        JsonNode deployment = Assert.Single((await server.RenderAsync("model-server/vllm")).OfKind("Deployment"));

        Assert.Equal("0", deployment["spec"]!["strategy"]!["rollingUpdate"]!.Text("maxUnavailable"));
    }

    [GeneratedRegex("__name__=~\"([^\"]+)\"")]
    private static partial Regex SeriesName();
}

using System.Text.Json.Nodes;

namespace FunctionalTests.Deploy;

/// <summary>A real API server, with the custom resources loaded, takes every folder.</summary>
[Collection(DeployTests.Name)]
public sealed class AcceptanceTests(DeployServer server)
{
    public static TheoryData<string> Folders => [.. DeployFolders.All];

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Apply_OfEveryFolder_IsAccepted(string folder) => Assert.NotEmpty((await server.RenderAsync(folder)).Objects);

    [Fact]
    public async Task Apply_OfAllComponentsTogetherInAnotherNamespace_MovesAllOfIt()
    {
        const string Elsewhere = "elsewhere";
        string[] components = [.. DeployFolders.Components.Where(component => DeployFolders.BaseOf(component) == "kubernetes")];
        string lines = string.Concat(components.Select((_, i) => $"- {{{i + 1}}}\n"));

        Rendering rendering = await server.AcceptAsync(
            await DeployServer.KustomizeAsync($"namespace: {Elsewhere}\nresources: [{{0}}]\ncomponents:\n{lines}", ["kubernetes", .. components]));

        Assert.NotEmpty(components);
        Assert.All(rendering.Objects.Where(item => item.Space().Length > 0), item => Assert.Equal(Elsewhere, item.Space()));
        IEnumerable<JsonNode> subjects = rendering.Objects.SelectMany(item => item.Items("subjects")).Where(subject => subject.Text("namespace") != "monitoring");
        Assert.All(subjects, subject => Assert.Equal(Elsewhere, subject.Text("namespace")));
    }
}

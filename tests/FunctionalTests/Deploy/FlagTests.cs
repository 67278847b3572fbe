using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Deploy;

/// <summary>Every flag in the manifests is one that the program knows.</summary>
[Collection(DeployTests.Name)]
public sealed partial class FlagTests(DeployServer server)
{
    public static TheoryData<string> Folders => [.. DeployFolders.All];

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Arguments_AreKnownToTheirProgram(string folder)
    {
        foreach (JsonNode container in (await server.RenderAsync(folder)).Pods.SelectMany(pod => pod.Containers))
        {
            if (ProgramOf(container) is { } program)
            {
                string[] known = await FlagsAsync(program);
                Assert.All(container.Texts("args"), argument => Assert.Contains(argument.Split('=')[0], known));
            }
        }
    }

    private static string? ProgramOf(JsonNode container) =>
        container.Text("image").Contains("/epp:", StringComparison.Ordinal) ? BuiltPrograms.Epp
        : container.Text("image").Contains("/model-server-sim:", StringComparison.Ordinal) ? BuiltPrograms.Simulator
        : null;

    private static async Task<string[]> FlagsAsync(string program)
    {
        await using ChildProcess process = ChildProcess.Start(program, ["--help"]);
        Assert.Equal(0, await process.Exited.DefaultTimeout());
        return [.. Flag().Matches(process.Output).Select(match => match.Value)];
    }

    [GeneratedRegex("--[a-z][a-z0-9-]*")]
    private static partial Regex Flag();
}

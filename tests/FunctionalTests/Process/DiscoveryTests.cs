using System.Text.Json;
using EndpointPicker.LoadGenerator.Client;
using FunctionalTests.Harness;

namespace FunctionalTests.Process;

/// <summary>The pool follows its file while the process runs.</summary>
public sealed class DiscoveryTests
{
    [Fact]
    public async Task EndpointFile_Replaced_PoolFollows()
    {
        await using ModelServer first = await ModelServer.StartAsync();
        await using ModelServer second = await ModelServer.StartAsync();
        await using EppProcess epp = await EppProcess.StartAsync([first.Port], new EppSettings { WatchFile = true });
        using ExtProcClient client = new(new Uri($"http://127.0.0.1:{epp.GrpcPort}"));
        Assert.Equal(first.Address, await client.PickAsync());

        epp.WriteEndpoints([second.Port]);
        await epp.Process.WaitForLineAsync(line => Loads(line) && epp.Process.Output.Split('\n').Count(Loads) == 2);

        Assert.Equal(second.Address, await client.PickAsync());
        using JsonDocument explained = JsonDocument.Parse(await epp.GetAsync("/explain?last=1"));
        JsonElement decision = explained.RootElement.GetProperty("decisions")[0];
        Assert.Equal(second.Address, decision.GetProperty("picked").GetString());
        Assert.Equal(second.Address, Assert.Single(decision.GetProperty("candidates").EnumerateArray()).GetProperty("destination").GetString());
    }

    [Fact]
    public async Task EndpointFile_WrongWhileRunning_OldSetStaysAndTheLogSaysWhere()
    {
        await using ModelServer server = await ModelServer.StartAsync();
        await using EppProcess epp = await EppProcess.StartAsync([server.Port], new EppSettings { WatchFile = true });
        using ExtProcClient client = new(new Uri($"http://127.0.0.1:{epp.GrpcPort}"));

        epp.WriteEndpoints("endpoints:\n- name: a\n  address: 127.0.0.1\n  port: \"none\"\n");
        await epp.Process.WaitForLineAsync(line => line.Contains("endpoints.yaml:4:9: error: ", StringComparison.Ordinal));
        await epp.Process.WaitForLineAsync(line => line.Contains("the endpoints stay as they were", StringComparison.Ordinal));

        Assert.Equal(server.Address, await client.PickAsync());
    }

    private static bool Loads(string line) => line.Contains("\"event\":\"Loaded\"", StringComparison.Ordinal);
}

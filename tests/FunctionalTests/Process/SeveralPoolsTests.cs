using System.Text.Json;
using EndpointPicker.LoadGenerator.Client;
using Envoy.Service.ExtProc.V3;
using FunctionalTests.Harness;
using Google.Protobuf.WellKnownTypes;
using Testing;

namespace FunctionalTests.Process;

/// <summary>One process, two pools, each with its own file of endpoints and its own policy.</summary>
public sealed class SeveralPoolsTests : IDisposable
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("epp-pools-").FullName;

    public void Dispose() => System.IO.Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Requests_GoToThePoolOfTheirRouteOrHeader()
    {
        await using ModelServer first = await ModelServer.StartAsync();
        await using ModelServer second = await ModelServer.StartAsync();
        await using EppProcess epp = await EppProcess.StartAsync(
            [first.Port],
            new EppSettings { Flags = ["--pool-name=canary", $"--pool-config=canary={Configuration(second.Port)}", "--pool-route=httproute/default/canary/=canary"] });
        ExtProcClient client = epp.Client;

        Assert.Equal(first.Address, await PickAsync(client));
        Assert.Equal(second.Address, await PickAsync(client, header: "canary"));
        Assert.Equal(second.Address, await PickAsync(client, route: "httproute/default/canary/rule/0/match/0/*"));
        Assert.Equal(second.Address, await PickAsync(client, header: "pool", route: "httproute/default/canary/rule/0"));
        Assert.Equal(first.Address, await PickAsync(client, header: "pool", route: "httproute/default/main/rule/0"));
        Assert.Equal("400: no inference pool \"nobody\" is served here; there are pool, canary", await PickAsync(client, header: "nobody"));
        Assert.Equal("400: no inference pool \"nobody\" is served here; there are pool, canary", await PickAsync(client, header: "nobody", body: true));
        using JsonDocument unknown = JsonDocument.Parse(await epp.GetAsync("/explain?reason=UnknownPool"));
        Assert.All(unknown.RootElement.GetProperty("decisions").EnumerateArray(), decision =>
        {
            Assert.Equal(JsonValueKind.Null, decision.GetProperty("pool").GetProperty("name").ValueKind);
            Assert.Equal("no inference pool \"nobody\" is served here; there are pool, canary", decision.GetProperty("why").GetString());
        });
        Assert.Equal(2, unknown.RootElement.GetProperty("decisions").GetArrayLength());

        using JsonDocument state = JsonDocument.Parse(await epp.GetAsync("/board/state?pool=canary"));
        Assert.Equal(second.Address, Assert.Single(state.RootElement.GetProperty("endpoints").EnumerateArray()).GetProperty("destination").GetString());
        string metrics = await epp.GetAsync("/metrics");
        Assert.Contains("llm_d_epp_ready_endpoints{name=\"pool\"}", metrics, StringComparison.Ordinal);
        Assert.Contains("llm_d_epp_ready_endpoints{name=\"canary\"}", metrics, StringComparison.Ordinal);
    }

    private static async Task<string> PickAsync(ExtProcClient client, string? header = null, string? route = null, bool body = false)
    {
        ProcessingRequest headers = header is null ? ExtProcMessages.Headers(body) : ExtProcMessages.Headers(body, ("x-llm-d-inference-pool", header));
        if (route is not null)
        {
            Struct attributes = new();
            attributes.Fields["xds.route_name"] = Value.ForString(route);
            headers.Attributes["envoy.filters.http.ext_proc"] = attributes;
        }

        await using ExtProcStream stream = client.Open(TestContext.Current.CancellationToken);
        Assert.True(await stream.SendAsync(headers));
        ProcessingResponse? answer = await stream.ReadAsync().DefaultTimeout();
        Assert.True(answer is not null, stream.Status.ToString());
        if (answer.ImmediateResponse is { } refusal)
        {
            using JsonDocument told = JsonDocument.Parse(refusal.Body.ToStringUtf8());
            return $"{(int)refusal.Status.Code}: {told.RootElement.GetProperty("error").GetProperty("message").GetString()}";
        }

        return answer.RequestHeaders.Response.HeaderMutation.SetHeaders.Single(set => set.Header.Key == "x-gateway-destination-endpoint").Header.RawValue.ToStringUtf8();
    }

    private string Configuration(int port)
    {
        string endpoints = Path.Combine(_folder, "canary-endpoints.yaml");
        File.WriteAllText(endpoints, $"endpoints:\n- {{ name: canary-0, address: 127.0.0.1, port: \"{port}\" }}\n");
        string file = Path.Combine(_folder, "canary.yaml");
        File.WriteAllText(file, new EppSettings().Configuration(endpoints));
        return file;
    }
}

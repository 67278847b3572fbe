using System.Net;
using System.Text.Json;
using ModelServerSimulator.Faults;
using ModelServerSimulator.Hosting;

namespace ModelServerSimulator.Tests.Http;

public sealed class AdminTests
{
    private const string Path = "/admin/config";

    [Fact]
    public async Task Post_ThenGetThenDelete_ChangesShowsAndRestores()
    {
        await using RunningServer server = await RunningServer.StartAsync(new SimulatorOptions { Faults = new FaultPlan { SlowFactor = 2 } });
        const string Changes = """{"slow-factor":1.5,"metrics-without":["vllm:a","vllm:b"],"metrics-delay":"2.5ms","metrics-page":"frozen","error-status":500}""";

        using HttpResponseMessage changed = await server.SendAsync(Path, Changes);
        string shown = await server.GetAsync(Path);
        using (HttpResponseMessage deleted = await server.Client.DeleteAsync(new Uri(Path, UriKind.Relative), TestContext.Current.CancellationToken))
        {
            Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        }

        Assert.Equal(shown, await changed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using JsonDocument plan = JsonDocument.Parse(shown);
        Assert.Equal(1.5, plan.RootElement.GetProperty("slow-factor").GetDouble());
        Assert.Equal("""["vllm:a","vllm:b"]""", plan.RootElement.GetProperty("metrics-without").GetRawText());
        Assert.Equal("2500us", plan.RootElement.GetProperty("metrics-delay").GetString());
        Assert.Equal("frozen", plan.RootElement.GetProperty("metrics-page").GetString());
        Assert.Equal(500, plan.RootElement.GetProperty("error-status").GetInt32());
        Assert.Equal(0, plan.RootElement.GetProperty("hang-rate").GetDouble());
        using JsonDocument restored = JsonDocument.Parse(await server.GetAsync(Path));
        Assert.Equal(2, restored.RootElement.GetProperty("slow-factor").GetDouble());
        Assert.Equal("ok", restored.RootElement.GetProperty("metrics-page").GetString());
    }

    [Fact]
    public async Task Post_WhatGetShows_IsTakenAsItIs()
    {
        await using RunningServer server = await RunningServer.StartAsync(new SimulatorOptions { Faults = new FaultPlan { MetricsDelay = TimeSpan.FromMicroseconds(1500) } });
        string shown = await server.GetAsync(Path);

        Assert.Equal(HttpStatusCode.OK, await server.PostAsync(Path, shown));
        Assert.Equal(shown, await server.GetAsync(Path));
    }

    [Theory]
    [InlineData("""{"hang-rate":1,"hang-rat":1}""", "unknown setting hang-rat; did you mean hang-rate?")]
    [InlineData("""{"hang-rate":1,"speed":1}""", "unknown setting speed")]
    [InlineData("""{"hang-rate":1,"error-rate":1.5}""", "error-rate does not take 1.5 (SHARE: 0; share of generations that fail at once)")]
    [InlineData("""{"hang-rate":1,"error-rate":-0.5}""", "error-rate does not take -0.5 (SHARE: 0; share of generations that fail at once)")]
    [InlineData("""{"hang-rate":1,"slow-factor":0}""", "slow-factor does not take 0 (X: 1; how much longer steps take)")]
    [InlineData("""{"hang-rate":1,"error-status":200}""", "error-status does not take 200 (N: 503; what status they fail with, 400 to 599)")]
    [InlineData("""{"hang-rate":1,"error-rate":null}""", "error-rate does not take null (SHARE: 0; share of generations that fail at once)")]
    [InlineData("""{"hang-rate":1,"metrics-delay":"5"}""", "metrics-delay does not take \"5\" (T: 0ms; how late the page comes)")]
    public async Task Post_OneBadField_NothingIsChanged(string json, string message)
    {
        await using RunningServer server = await RunningServer.StartAsync(new SimulatorOptions());
        string before = await server.GetAsync(Path);
        using HttpResponseMessage response = await server.SendAsync(Path, json);
        using JsonDocument error = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(message, error.RootElement.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal(before, await server.GetAsync(Path));
    }
}

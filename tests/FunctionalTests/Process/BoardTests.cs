using System.Globalization;
using System.Text.Json.Nodes;
using EndpointPicker.LoadGenerator.Client;
using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using FunctionalTests.Harness;
using Google.Protobuf;
using Testing;

namespace FunctionalTests.Process;

/// <summary>The live page, as a browser shows it.</summary>
public sealed class BoardTests
{
    private const int Served = 10;
    private const int Silent = 490;
    private const string HostileModel = "<img src=x onerror=document.title='owned'>\u202e";
    private const string HostileId = "</td><script>document.title='owned'</script>";

    [Fact]
    public async Task Page_FiveHundredEndpointsAndTraffic_ShowsAllAndExplainsOnAClick()
    {
        await using Browser browser = await Browser.StartAsync();
        List<ModelServer> servers = await ModelServer.StartAsync(Served);
        await using EppProcess epp = await EppProcess.StartAsync([], new EppSettings { WatchFile = true, Flags = ["--refresh-metrics-interval=200ms"] });
        await LoadEndpointsAsync(epp, servers);
        string origin = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{epp.MetricsPort}/");
        Assert.Contains($"is at {origin}board", epp.Process.Output, StringComparison.Ordinal);

        await browser.OpenAsync($"{origin}board");
        await browser.UntilAsync($"document.querySelectorAll('#map .cell').length === {Served + Silent}");
        await browser.UntilAsync($"document.querySelectorAll('#map .cell:not(.stale, .never)').length === {Served} && document.querySelectorAll('#map .cell.never').length === {Silent}");
        await browser.UntilAsync($"document.getElementById('readiness').textContent.includes('ready') && document.getElementById('census').textContent === '500 endpoints, {Silent} never scraped'");
        Assert.Equal("No request has been decided yet.", await browser.EvaluateAsync<string>("document.getElementById('decisions-empty').textContent"));

        // Pixels of the canvases are not looked at, but that each chart has a figure from two readings is.
        await browser.UntilAsync("[...document.querySelectorAll('figure')].length === 7 && document.querySelector('figure b').textContent === '0/s'");

        servers[0].KvCacheUsage = 0.9;
        await browser.EvaluateAsync<bool>("(() => { const colour = document.getElementById('colour-by'); colour.value = 'kv'; colour.dispatchEvent(new Event('change')); return true; })()");
        await browser.UntilAsync("document.querySelector('#map .cell .value').textContent === '90'");

        await SendAsync(epp, 12);
        await browser.UntilAsync("document.querySelectorAll('#decision-list .decision').length >= 8");
        string row = await browser.EvaluateAsync<string>("document.querySelector('.decision .model').textContent");
        Assert.Equal(HostileModel, row);
        await browser.EvaluateAsync<bool>("(() => { document.querySelector('.decision').click(); return true; })()");
        Assert.True(await browser.EvaluateAsync<bool>("document.getElementById('explanation').open"));
        string[] explained = await browser.EvaluateAsync<string[]>("[...document.querySelectorAll('#explanation dd')].map(dd => dd.textContent)");
        Assert.Contains(HostileModel, explained);
        Assert.Contains(HostileId, explained);
        Assert.Equal(1, await browser.EvaluateAsync<int>("document.querySelectorAll('#explanation tr.first').length"));
        Assert.True(await browser.EvaluateAsync<int>("document.querySelectorAll('#explanation tbody tr').length") > Served);
        Assert.Contains("queue-scorer", await browser.EvaluateAsync<string>("document.querySelector('#explanation thead').textContent"), StringComparison.Ordinal);

        await servers[1].DisposeAsync();
        await browser.UntilAsync("document.querySelectorAll('#map .cell.stale').length === 1");
        await browser.EvaluateAsync<bool>("(() => { document.getElementById('explanation-close').click(); document.querySelector('#map .cell.stale').focus(); return true; })()");
        Assert.Contains("stale", await browser.EvaluateAsync<string>("document.getElementById('detail').textContent"), StringComparison.Ordinal);
        await browser.EvaluateAsync<bool>("(() => { const filter = document.getElementById('filter'); filter.value = 'served-1'; filter.dispatchEvent(new Event('input')); return true; })()");
        await browser.EvaluateAsync<bool>("(() => { document.querySelector('#map .cell').focus(); return true; })()");
        await browser.PressAsync("ArrowRight");
        Assert.Equal("default/served-10", await browser.EvaluateAsync<string>("document.querySelector('#detail dd').textContent"));
        Assert.Equal(["served-1", "served-10"], await browser.EvaluateAsync<string[]>("[...document.querySelectorAll('#map .cell .name')].map(name => name.textContent)"));

        Assert.Equal("pool · EndpointPicker", await browser.EvaluateAsync<string>("document.title"));
        Assert.Equal(0, await browser.EvaluateAsync<int>("document.querySelectorAll('img, body script').length"));
        Assert.Empty(browser.Errors);
        Assert.All(browser.Requests, address => Assert.StartsWith(origin, address, StringComparison.Ordinal));
        foreach (ModelServer server in servers)
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Page_PickerGoesAndComesBack_SaysSoAndRecovers()
    {
        await using Browser browser = await Browser.StartAsync();
        int port = KeptPorts.Next();
        EppSettings settings = new() { Flags = [string.Create(CultureInfo.InvariantCulture, $"--metrics-port={port}")] };
        await using (await EppProcess.StartAsync([1], settings))
        {
            await browser.OpenAsync(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/board"));
            await browser.UntilAsync("document.querySelectorAll('#map .cell').length === 1 && document.getElementById('outage').hidden");
        }

        await browser.UntilAsync("!document.getElementById('outage').hidden && /No connection since [0-9]+ s/.test(document.getElementById('outage').textContent)");
        Assert.Equal("✕ no connection", await browser.EvaluateAsync<string>("document.getElementById('readiness').textContent"));

        await using EppProcess second = await EppProcess.StartAsync([1, 2], settings);
        await browser.UntilAsync("document.getElementById('outage').hidden && document.querySelectorAll('#map .cell').length === 2 && document.getElementById('readiness').textContent === '✓ ready'");
    }

    /// <summary>In the page's own time, so that ten seconds of it need not be waited for.</summary>
    [Fact]
    public async Task Page_Hidden_AsksForNothingUntilItIsSeenAgain()
    {
        await using Browser browser = await Browser.StartAsync();
        await using EppProcess epp = await EppProcess.StartAsync([1]);
        await browser.OpenAsync(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{epp.MetricsPort}/board"));
        await browser.UntilAsync("document.querySelectorAll('#map .cell').length === 1");

        await browser.EvaluateAsync<bool>(Hidden(true));
        int asked = States(browser);
        await browser.PassAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(asked, States(browser));

        await browser.EvaluateAsync<bool>(Hidden(false));
        await browser.PassAsync(TimeSpan.FromSeconds(10));
        Assert.InRange(States(browser) - asked, 5, 12);
        Assert.Empty(browser.Errors);
    }

    private static string Hidden(bool hidden) => $$"""
        (() => {
          Object.defineProperty(document, 'hidden', { configurable: true, get: () => {{(hidden ? "true" : "false")}} });
          document.dispatchEvent(new Event('visibilitychange'));
          return true;
        })()
        """;

    private static int States(Browser browser) => browser.Requests.Count(address => address.EndsWith("/board/state", StringComparison.Ordinal));

    // Nobody listens on port 1 of the silent ones.
    private static async Task LoadEndpointsAsync(EppProcess epp, List<ModelServer> servers)
    {
        IEnumerable<string> served = servers.Select((server, i) => $"- {{ name: served-{i + 1}, address: 127.0.0.1, port: \"{server.Port}\" }}\n");
        IEnumerable<string> silent = Enumerable.Range(0, Silent).Select(i => $"- {{ name: silent-{i + 1}, address: 127.0.{1 + (i / 250)}.{1 + (i % 250)}, port: \"1\" }}\n");
        epp.WriteEndpoints("endpoints:\n" + string.Concat(served.Concat(silent)));
        await epp.Process.WaitForLineAsync(line => line.Contains("\"event\":\"Loaded\"", StringComparison.Ordinal) && line.Contains("lists 500 endpoints", StringComparison.Ordinal));
    }

    private static async Task SendAsync(EppProcess epp, int requests)
    {
        using ExtProcClient client = new(new Uri($"http://127.0.0.1:{epp.GrpcPort}"));
        for (int i = 0; i < requests; i++)
        {
            await using ExtProcStream stream = client.Open(TestContext.Current.CancellationToken);
            ProcessingRequest headers = ExtProcMessages.Headers(body: true);
            headers.RequestHeaders.Headers.Headers.Add(new HeaderValue { Key = "x-request-id", RawValue = ByteString.CopyFromUtf8(HostileId) });
            Assert.True(await stream.SendAsync(headers));
            Assert.True(await stream.SendAsync(ExtProcMessages.Body(new JsonObject { ["model"] = HostileModel, ["prompt"] = "hello" }.ToJsonString())));
            Assert.NotNull(await stream.ReadAsync().DefaultTimeout());
        }
    }
}

using FunctionalTests.Harness;

namespace FunctionalTests.Envoy;

/// <summary>However Envoy goes to the picked endpoint, and whoever wrote its configuration, the request ends where the picker said.</summary>
public sealed class DestinationTests
{
    public static TheoryData<string, string> Programmed => new()
    {
        { "envoy-gateway-1.9", "fds" },
        { "envoy-gateway-1.9", "fds-response" },
        { "envoy-gateway-1.9", "buffered-fail-open" },
        { "envoy-gateway-1.9", "buffered-partial" },
        { "envoy-gateway-1.9", "streamed" },
        { "envoy-gateway-1.9", "headers-only-fail-open" },
        { "envoy-gateway-1.9", "mode-override" },
        { "envoy-gateway-1.9", "no-breaker" },
        { "ai-gateway-1.1", "inference-pool" },
    };

    [Theory]
    [MemberData(nameof(Programmed))]
    public async Task Completion_ProgrammedByEnvoyGateway_ReachesChosenEndpoint(string folder, string profile)
    {
        EppSettings settings = new()
        {
            Tls = folder.StartsWith("ai", StringComparison.Ordinal),
            Flags = profile == "mode-override" ? ["--request-body-by-mode-override=true"] : [],
        };
        await using Chain chain = await Chain.StartAsync(Bootstraps.Fixture(folder, profile + ".bootstrap.yaml"), settings);
        await AssertRoutedAsync(chain);
    }

    [Theory]
    [InlineData("original-dst.yaml")]
    [InlineData("override-host.yaml")]
    [InlineData("dynamic-forward-proxy.yaml")]
    public async Task Completion_PlainBootstraps_ReachesChosenEndpoint(string name)
    {
        await using Chain chain = await Chain.StartAsync(Bootstraps.Fixture(name));
        await AssertRoutedAsync(chain);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Completion_OurBootstraps_ReachesChosenEndpoint(bool originalDst)
    {
        await using Chain chain = await Chain.StartAsync(originalDst ? Bootstraps.OriginalDst : Bootstraps.OverrideHost);
        await AssertRoutedAsync(chain);
    }

    [Theory]
    [InlineData("FULL_DUPLEX_STREAMED")]
    [InlineData("BUFFERED")]
    [InlineData("STREAMED")]
    [InlineData("NONE")]
    public async Task Completion_ClientForgesDestination_PickerDecides(string mode)
    {
        await using Chain chain = await Chain.StartAsync(Bootstraps.OriginalDst.WithoutStripping().WithMode(mode), servers: 2);
        await using ModelServer outsider = await ModelServer.StartAsync();
        using Completions client = new(chain.Envoy.Port);
        for (int i = 0; i < 10; i++)
        {
            (int status, _, string? servedBy) = await client.SendAsync(headers: headers => headers.Add("x-gateway-destination-endpoint", outsider.Address));
            Assert.Equal(200, status);
            Assert.Contains(servedBy, chain.Servers.Select(server => server.Address));
        }

        Assert.Empty(outsider.Received);
    }

    [Fact]
    public async Task Completion_FirstOfListIsDown_RetryGoesToTheSecond()
    {
        await using Chain chain = await Chain.StartAsync(Bootstraps.OverrideHost, new EppSettings { Picks = 3 });
        using Completions client = new(chain.Envoy.Port);
        Assert.Equal(200, (await client.SendAsync()).Status);
        foreach (ModelServer server in chain.Servers)
        {
            server.Answer = (context, _) =>
            {
                context.Response.StatusCode = server == FirstPicked(chain) ? 503 : 200;
                return Task.CompletedTask;
            };
        }

        (int status, _, string? servedBy) = await client.SendAsync("another prompt");
        Assert.Equal(200, status);
        string[] list = Tried(chain)[^1].Destination!.Split(',');
        Assert.Equal(3, list.Length);
        Assert.Equal(list[1], servedBy);
    }

    private static ReceivedRequest[] Tried(Chain chain) =>
        [.. chain.Servers.SelectMany(server => server.Received).Where(request => request.Body.AsSpan().IndexOf("another"u8) >= 0)];

    private static ModelServer FirstPicked(Chain chain)
    {
        string first = Tried(chain)[0].Destination!.Split(',')[0];
        return chain.Servers.Single(server => server.Address == first);
    }

    private static async Task AssertRoutedAsync(Chain chain)
    {
        using Completions client = new(chain.Envoy.Port);
        for (int i = 0; i < 20; i++)
        {
            (int status, string body, string? servedBy) = await client.SendAsync($"prompt {i}");
            Assert.True(status == 200, $"{status} {body}\n{chain.Envoy.Process.Output}");
            ReceivedRequest request = chain.Servers.Single(server => server.Address == servedBy).Received
                .Single(one => System.Text.Encoding.UTF8.GetString(one.Body).Contains($"prompt {i}\"", StringComparison.Ordinal));
            Assert.Equal(servedBy, request.Destination);
        }
    }
}

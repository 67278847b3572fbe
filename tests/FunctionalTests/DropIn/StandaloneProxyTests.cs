using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.DropIn;

/// <summary>Proxies without servers of their own that are told to stay open, as the reference's standalone one is: what that is worth once the picker is gone.</summary>
public sealed class StandaloneProxyTests
{
    [Theory]
    [InlineData("FULL_DUPLEX_STREAMED")]
    [InlineData("BUFFERED")]
    public async Task PickerKilled_NobodyNamesAServer_Is503ThoughTheProxyIsOpen(string mode)
    {
        await using Chain chain = await Chain.StartAsync(Bootstraps.OriginalDst.WithMode(mode).FailOpen(), servers: 1);
        using Completions client = new(chain.Envoy.Port);
        Assert.Equal(200, (await client.SendAsync()).Status);
        await KillAsync(chain);

        Assert.Equal(503, (await client.SendAsync()).Status);
    }

    /// <summary>Why the bootstraps of deploy/envoy take the header away from clients.</summary>
    [Fact]
    public async Task PickerKilled_ClientNamesAServer_AProxyThatDoesNotStripTheHeaderObeys()
    {
        await using Chain chain = await Chain.StartAsync(Bootstraps.OriginalDst.WithMode("BUFFERED").FailOpen().WithoutStripping(), servers: 2);
        using Completions client = new(chain.Envoy.Port);
        Assert.Equal(200, (await client.SendAsync()).Status);
        await KillAsync(chain);

        string named = chain.Servers[1].Address;
        (int status, _, string? served) = await client.SendAsync(headers: headers => headers.Add("x-gateway-destination-endpoint", named));
        Assert.Equal((200, named), (status, served));
    }

    private static async Task KillAsync(Chain chain)
    {
        chain.Epp.Process.KillNow();
        await chain.Epp.Process.Exited.DefaultTimeout();
    }
}

using FunctionalTests.Harness;

namespace FunctionalTests.Deploy;

/// <summary>With exactly the rights, arguments and configuration of the manifests the picker follows the pods.</summary>
[Collection(DeployTests.Name)]
public sealed class LiveTests(DeployServer server)
{
    [Theory]
    [InlineData("inference-pool/v1")]
    [InlineData("inference-pool/v1alpha2")]
    [InlineData("envoy-gateway/full-duplex-fail-closed")]
    public async Task Picker_OfAnAppliedFolder_FollowsThePods(string folder)
    {
        await using ModelServer model = (await ModelServer.StartAsync(1))[0];
        await using LivePicker picker = await LivePicker.StartAsync(server, folder, model.Port);

        await picker.AddPodAsync("vllm-1");
        await picker.WaitForEndpointsAsync(1);
        await picker.RemovePodAsync("vllm-1");
        await picker.WaitForEndpointsAsync(0);

        Assert.DoesNotContain("forbidden", picker.Output, StringComparison.OrdinalIgnoreCase);
    }
}

using System.Text.Json.Nodes;

namespace FunctionalTests.Deploy;

/// <summary>Gateways, routes, pools and policies lead to each other, to the picker and to the model servers.</summary>
[Collection(DeployTests.Name)]
public sealed class RouteTests(DeployServer server)
{
    private static readonly string[] PolicyKinds = ["EnvoyExtensionPolicy", "BackendTrafficPolicy", "ClientTrafficPolicy"];
    private static readonly string[] PoolReaders = ["InferenceObjective", "InferenceModelRewrite", "InferenceModel"];

    public static TheoryData<string> Folders => [.. DeployFolders.Whole];

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Routes_LeadFromAGatewayToABackend(string folder)
    {
        Rendering rendering = await server.RenderAsync(folder);
        Assert.All(rendering.OfKind("Gateway"), gateway => Assert.True(rendering.Has("GatewayClass", gateway["spec"]!.Text("gatewayClassName"))));
        foreach (JsonNode route in rendering.OfKind("HTTPRoute"))
        {
            Assert.All(route["spec"].Items("parentRefs"), parent => Assert.True(rendering.Has("Gateway", parent.Text("name"))));
            Assert.All(route["spec"].Items("rules").SelectMany(rule => rule.Items("backendRefs")), backend => ExpectBackend(rendering, backend));
        }

        foreach (JsonNode policy in PolicyKinds.SelectMany(rendering.OfKind))
        {
            Assert.All(policy["spec"].Items("targetRefs"), target => Assert.True(rendering.Has(target.Text("kind"), target.Text("name"))));
            Assert.All(policy["spec"].Items("extProc").SelectMany(asked => asked.Items("backendRefs")), backend => ExpectBackend(rendering, backend));
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Pools_NameThePickerAndSelectModelServers(string folder)
    {
        Rendering rendering = await server.RenderAsync(folder);
        PodTemplate models = Assert.Single((await server.RenderAsync("model-server/vllm")).Pods);
        foreach (JsonNode pool in rendering.OfKind("InferencePool"))
        {
            JsonNode spec = pool["spec"]!;
            bool old = pool.Text("apiVersion").EndsWith("v1alpha2", StringComparison.Ordinal);
            JsonNode picker = spec[old ? "extensionRef" : "endpointPickerRef"]!;
            ExpectPort(rendering.Single("Service", picker.Name(inMetadata: false)), old ? picker["portNumber"]! : picker["port"]!["number"]!);
            Assert.True(models.Matches(old ? spec["selector"] : spec["selector"]!["matchLabels"]));
            Assert.All(old ? [spec["targetPortNumber"]!] : spec.Items("targetPorts").Select(port => port["number"]!), port => Assert.True(models.HasPort(port)));
            string[] arguments = [.. Assert.Single(rendering.Pods).Container("epp").Texts("args")];
            Assert.Contains($"--pool-name={pool.Name()}", arguments);
            Assert.Equal(old, arguments.Contains("--pool-group=inference.networking.x-k8s.io"));
        }

        Rendering pools = rendering.OfKind("InferencePool").Any() ? rendering : await server.RenderAsync("inference-pool/v1");
        Assert.All(PoolReaders.SelectMany(rendering.OfKind), reader => Assert.True(pools.Has("InferencePool", reader["spec"]!["poolRef"]!.Text("name"))));
    }

    [Fact]
    public async Task Rewrites_NameModelsThatTheServersServe()
    {
        string[] served = [.. Assert.Single((await server.RenderAsync("model-server/vllm")).Pods).Containers.SelectMany(container => container.Texts("args"))
            .Select(argument => argument.Replace("--model=", "", StringComparison.Ordinal).Split('=')[0])];
        JsonNode[] rewrites =
        [
            .. (await server.RenderAsync("model-server/canary")).OfKind("InferenceModelRewrite"),
            .. (await server.RenderAsync("inference-pool/v1")).OfKind("InferenceModelRewrite"),
        ];
        IEnumerable<string> rewritten = rewrites.SelectMany(rewrite => rewrite["spec"].Items("rules")).SelectMany(rule => rule.Items("targets"))
            .Select(target => target.Text("modelRewrite"));
        IEnumerable<string> models = (await server.RenderAsync("inference-pool/v1alpha2")).OfKind("InferenceModel")
            .SelectMany(model => model["spec"].Items("targetModels")).Select(target => target.Text("name"));

        Assert.All(rewritten.Concat(models), name => Assert.Contains(name, served));
    }

    private static void ExpectBackend(Rendering rendering, JsonNode backend)
    {
        string kind = backend.Text("kind").Length > 0 ? backend.Text("kind") : "Service";
        JsonNode target = rendering.Single(kind, backend.Text("name"));
        if (kind == "Service")
        {
            ExpectPort(target, backend["port"]!);
        }
        else
        {
            Assert.StartsWith(backend.Text("group") + "/", target.Text("apiVersion"), StringComparison.Ordinal);
        }
    }

    private static void ExpectPort(JsonNode service, JsonNode number) =>
        Assert.Contains(service["spec"].Items("ports"), port => port["port"]!.ToString() == number.ToString());
}

using System.Net;
using ModelServerSimulator.Engine;
using ModelServerSimulator.Http;

namespace ModelServerSimulator.Tests.Http;

/// <summary>A server that was started without adapters and gets them while it runs, as the captured one did.</summary>
public sealed class LoraEndpointTests
{
    private static readonly string[] Names = ["lora-a", "lora-b", "lora-c", "lora-d"];

    private static readonly string[] Loads =
    [
        "lora-use-before-load", "lora-load-a", "lora-load-b", "lora-load-c", "lora-load-d", "lora-load-twice", "lora-load-bad-body", "lora-load-missing-path",
    ];

    private static readonly string[] Unloads = ["lora-unload-d", "lora-unload-twice", "lora-use-after-unload"];

    [Fact]
    public async Task Send_CapturedSequenceOfLoads_SameAnswers()
    {
        await using RunningServer server = await StartAsync(new ServerOptions
        {
            EnableLora = true,
            LoraPaths = [.. Names.Select(name => "./adapters/" + name)],
        });

        foreach (string name in Loads)
        {
            await server.ExpectCapturedAsync(name);
        }

        Assert.Equal((string[])["tiny-llama", .. Names], await server.ModelsAsync());
        foreach (string name in Unloads)
        {
            await server.ExpectCapturedAsync(name);
        }

        Assert.Equal((string[])["tiny-llama", "lora-a", "lora-b", "lora-c"], await server.ModelsAsync());
    }

    [Fact]
    public async Task Load_InPlace_TakesTheNewPath()
    {
        await using RunningServer server = await StartAsync(new ServerOptions { EnableLora = true });

        Assert.Equal(HttpStatusCode.OK, await server.PostAsync("/v1/load_lora_adapter", """{"lora_name":"x","lora_path":"/one"}"""));
        Assert.Equal(HttpStatusCode.BadRequest, await server.PostAsync("/v1/load_lora_adapter", """{"lora_name":"x","lora_path":"/two"}"""));
        Assert.Equal(HttpStatusCode.OK, await server.PostAsync("/v1/load_lora_adapter", """{"lora_name":"x","lora_path":"/two","load_inplace":true}"""));

        Assert.Contains("""
            "id":"x","object":"model"
            """, await server.GetAsync("/v1/models"), StringComparison.Ordinal);
        Assert.Contains("""
            "root":"/two","parent":"tiny-llama"
            """, await server.GetAsync("/v1/models"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_ServerWithoutLora_HasNoSuchPath()
    {
        await using RunningServer server = await StartAsync(new ServerOptions());

        Assert.Equal(HttpStatusCode.NotFound, await server.PostAsync("/v1/load_lora_adapter", """{"lora_name":"x","lora_path":"/one"}"""));
        Assert.DoesNotContain("lora_requests_info", await server.GetAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completion_OnAnAdapterLoadedLater_ShowsInTheGauge()
    {
        await using RunningServer server = await StartAsync(new ServerOptions { EnableLora = true });
        await server.PostAsync("/v1/load_lora_adapter", """{"lora_name":"x","lora_path":"/one"}""");

        Assert.Equal(HttpStatusCode.OK, await server.PostAsync("/v1/completions", """{"model":"x","prompt":"tell me","max_tokens":2}"""));

        Assert.Contains("running_lora_adapters=\"x\"", await server.GetAsync("/metrics"), StringComparison.Ordinal);
    }

    private static Task<RunningServer> StartAsync(ServerOptions options) =>
        RunningServer.StartAsync(new EngineOptions { Model = "tiny-llama", StepTime = TimeSpan.FromMilliseconds(1), LoraLoadTime = TimeSpan.FromMilliseconds(1) }, options);
}

using System.Text;
using Microsoft.AspNetCore.Builder;
using ModelServerSimulator.Engine;
using ModelServerSimulator.Hosting;
using ModelServerSimulator.Http;

namespace ModelServerSimulator.Tests.Http;

/// <summary>A server like the captured one (names, context length, adapters), quick enough for tests.</summary>
public sealed class SimulatorFixture : IAsyncLifetime
{
    private WebApplication? _app;

    public HttpClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        EngineOptions engine = new() { Model = "tiny-llama", MaxModelLength = 1024, BlockSize = 32, NumGpuBlocks = 64, StepTime = TimeSpan.FromMilliseconds(1) };
        ServerOptions server = new() { Port = 0, Name = "pod-a", Adapters = [LoraModule.Parse("lora-a"), LoraModule.Parse("lora-b")] };
        _app = SimulatorHost.Build(new SimulatorOptions { Engine = engine, Server = server }, TimeProvider.System);
        await _app.StartAsync();

        // A response that is dropped closes its connection at once instead of being read to its end.
        Client = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = new Uri(SimulatorHost.Address(_app)) };
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    internal async Task<HttpResponseMessage> PostAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await Client.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
    }
}

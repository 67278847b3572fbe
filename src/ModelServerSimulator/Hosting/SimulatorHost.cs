using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using ModelServerSimulator.Engine;
using ModelServerSimulator.Http;

namespace ModelServerSimulator.Hosting;

/// <summary>Puts a model server together on Kestrel over HTTP/1.1.</summary>
internal static class SimulatorHost
{
    public static WebApplication Build(EngineOptions engineOptions, ServerOptions serverOptions, TimeProvider time)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddConsole().SetMinimumLevel(LogLevel.Error);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Parse(serverOptions.Host), serverOptions.Port);
        });

        // A server that was started without LoRA has no word of it in its page.
        var engine = new InferenceEngine(serverOptions.ServesLora ? engineOptions : engineOptions with { MaxLoras = 0 }, time);
        builder.Services.AddSingleton<IHostedService>(new EngineLoop(engine, time));
        WebApplication app = builder.Build();
        var models = new ModelRegistry(engineOptions.Model, serverOptions, engineOptions.MaxModelLength, time);
        var reader = new CompletionRequestReader(models, engineOptions, serverOptions);
        var router = new Router(
            new CompletionEndpoint(reader, engine, time), new TokenizeEndpoint(models, engineOptions), new LoraEndpoint(models), models, engine, serverOptions);
        app.Run(router.HandleAsync);
        return app;
    }

    /// <summary>Where a started server listens, as a URL.</summary>
    public static string Address(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
}

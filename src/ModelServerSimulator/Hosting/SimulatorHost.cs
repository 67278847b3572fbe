using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using ModelServerSimulator.Engine;
using ModelServerSimulator.Faults;
using ModelServerSimulator.Http;

namespace ModelServerSimulator.Hosting;

/// <summary>Puts a model server together on Kestrel over HTTP/1.1.</summary>
internal static class SimulatorHost
{
    // A flush of so many bytes or more ends when the kernel has them all, so that a reset cannot overtake the chunks before it.
    private const int FlushedWhenSent = 2;

    public static WebApplication Build(SimulatorOptions options, TimeProvider time)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());

        // A port in use is an error of the start, which the program words itself; an engine that fails is critical.
        builder.Logging.AddConsole().SetMinimumLevel(LogLevel.Error).AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical);
        builder.WebHost.UseKestrelCore().UseSockets(sockets => sockets.MaxWriteBufferSize = FlushedWhenSent).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Parse(options.Server.Host), options.Server.Port);
        });

        // A server that was started without LoRA has no word of it in its page.
        var engine = new InferenceEngine(options.Server.ServesLora ? options.Engine : options.Engine with { MaxLoras = 0 }, time);
        var faults = new FaultInjector(options.Faults, new Random(options.Seed));
        builder.Services.AddSingleton<IHostedService>(new EngineLoop(engine, faults, time));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout);
        WebApplication app = builder.Build();
        var gate = new FaultGate(faults, options.Server.ReturnErrorHeader, app.Lifetime.ApplicationStopping);
        var router = new Router(ServedPaths.Of(options, engine, faults, time), gate, options.Server.Name);
        app.Run(router.HandleAsync);
        return app;
    }

    /// <summary>Where a started server listens, as a URL.</summary>
    public static string Address(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
}

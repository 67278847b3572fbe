using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;

namespace EndpointPicker.LoadGenerator.Null;

/// <summary><c>epp-load null [--port N]</c>: serves <see cref="NullProcessor"/> on loopback until interrupted.</summary>
internal static class NullServer
{
    private const int DefaultPort = 9102;

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (!TryPort(arguments, out int port))
        {
            await Console.Error.WriteLineAsync("epp-load null: expected nothing, or --port and a number (0: a free one)");
            return 2;
        }

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 16384;
            kestrel.ListenLocalhost(port, listen => listen.Protocols = HttpProtocols.Http2);
        });
        await using WebApplication application = builder.Build();
        application.Run(NullProcessor.ServeAsync);
        await application.StartAsync();
        Console.WriteLine(string.Join('\n', application.Urls));
        await application.WaitForShutdownAsync();
        return 0;
    }

    private static bool TryPort(IReadOnlyList<string> arguments, out int port)
    {
        port = DefaultPort;
        return arguments.Count == 0
            || (arguments.Count == 2 && arguments[0] == "--port" && int.TryParse(arguments[1], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port < 65536);
    }
}

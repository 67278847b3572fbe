using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace EndpointPicker.Hosting;

/// <summary>
/// Kestrel without the web host's pipeline around each request: its diagnostics, which nobody listens to, cost a twentieth of an ext_proc
/// stream. The application that the host brings is not used.
/// </summary>
/// <param name="kestrel">The server.</param>
/// <param name="application">What it serves.</param>
internal sealed class DirectServer(IServer kestrel, DirectApplication application) : IServer
{
    public IFeatureCollection Features => kestrel.Features;

    public Task StartAsync<TContext>(IHttpApplication<TContext> _, CancellationToken cancellationToken)
        where TContext : notnull => kestrel.StartAsync(application, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => kestrel.StopAsync(cancellationToken);

    public void Dispose() => kestrel.Dispose();
}

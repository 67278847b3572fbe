using System.Collections.ObjectModel;
using System.Globalization;
using EndpointPicker.Configuration;

namespace EndpointPicker.Cluster;

/// <summary>Takes the endpoints from a list that does not change, such as the command line's; host names in it are looked up again and again.</summary>
internal sealed class StaticDiscovery(IReadOnlyList<EndpointEntry> entries, EndpointPublisher publisher, TimeProvider time) : IEndpointSource
{
    /// <summary>Reads <c>ip:port</c>, <c>[ipv6]:port</c> or <c>host:port</c>.</summary>
    /// <param name="text">The text; it is the endpoint's name too.</param>
    /// <param name="entry">The endpoint.</param>
    /// <returns>Whether the text is an endpoint.</returns>
    public static bool TryParse(string text, out EndpointEntry? entry)
    {
        entry = null;
        int colon = text.LastIndexOf(':');
        if (colon <= 0
            || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            || port is < 1 or > 65535
            || (text.AsSpan(0, colon).Contains(':') && text is not ['[', ..])
            || !EndpointHost.TryParse(text[..colon], out EndpointHost? host))
        {
            return false;
        }

        entry = new EndpointEntry("default", text, host, port, ReadOnlyDictionary<string, string>.Empty);
        return true;
    }

    public async ValueTask<IReadOnlyList<ConfigurationDiagnostic>> LoadAsync(CancellationToken cancellationToken)
    {
        await publisher.PublishAsync(entries, cancellationToken);
        return [];
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(EndpointPublisher.RefreshInterval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            await publisher.RefreshAsync(cancellationToken);
        }
    }
}

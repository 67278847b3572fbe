using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Text;
using AddressFamily = System.Net.Sockets.AddressFamily;

namespace EndpointPicker.Core.Endpoints;

/// <summary>
/// One incarnation of a model server's address. An endpoint that leaves the pool and comes back is a new object, so late releases and
/// late scrapes reach only the old one.
/// </summary>
public sealed class Endpoint
{
    private volatile EndpointSignals _signals = EndpointSignals.None;
    private volatile FrozenDictionary<string, string> _labels;
    private long _scrapedAt = long.MinValue;

    internal Endpoint(EndpointDescription description, int slot)
    {
        Namespace = description.Namespace;
        Name = description.Name;
        Address = description.Address;
        MetricsAddress = description.MetricsAddress ?? description.Address;
        Rank = description.Rank;
        Incarnation = description.Incarnation;
        Slot = slot;
        Destination = Format(description.Address);
        DestinationUtf8 = Encoding.ASCII.GetBytes(Destination);
        Port = description.Address.Port.ToString(CultureInfo.InvariantCulture);
        _labels = description.Labels.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The namespace of discovery.</summary>
    public string Namespace { get; }

    /// <summary>The name, unique in its namespace.</summary>
    public string Name { get; }

    /// <summary>Where it serves requests.</summary>
    public IPEndPoint Address { get; }

    /// <summary>Where its metrics are scraped.</summary>
    public IPEndPoint MetricsAddress { get; }

    /// <summary>The port as metric labels show it.</summary>
    public string Port { get; }

    /// <summary>The data-parallel rank.</summary>
    public int Rank { get; }

    /// <summary>Tells it from another endpoint of the same name and addresses, before or after it.</summary>
    public string Incarnation { get; }

    /// <summary>A small dense number, unique among the endpoints of the pool at any time; reused once an endpoint has left.</summary>
    public int Slot { get; }

    /// <summary><c>ip:port</c>, IPv6 in brackets: the value that is sent to the proxy.</summary>
    public string Destination { get; }

    /// <summary><see cref="Destination"/> as ASCII bytes.</summary>
    public ReadOnlyMemory<byte> DestinationUtf8 { get; }

    /// <summary>The labels; discovery may replace them while the endpoint lives.</summary>
    public FrozenDictionary<string, string> Labels => _labels;

    /// <summary>What this picker has placed here and what has not ended.</summary>
    public InFlightCounters InFlight { get; } = new();

    /// <summary>Those of <see cref="InFlight"/> whose end this picker will not see.</summary>
    internal UnseenRequests Unseen { get; } = new();

    /// <summary>The last signals that a scrape brought; <see cref="EndpointSignals.None"/> before the first.</summary>
    public EndpointSignals Signals => _signals;

    /// <summary>The adapters that are believed to be resident here.</summary>
    public AdapterResidency Adapters { get; } = new();

    /// <summary>When the last successful scrape ended, in ticks of the time provider; <see cref="long.MinValue"/> before the first.</summary>
    public long ScrapedAt => Volatile.Read(ref _scrapedAt);

    /// <summary>Publishes what a scrape brought. One writer: the data layer.</summary>
    /// <param name="signals">The new signals; the same object again where nothing has changed.</param>
    /// <param name="timestamp">When the scrape ended, in ticks of the time provider.</param>
    public void Publish(EndpointSignals signals, long timestamp)
    {
        Adapters.Observe(signals);
        _signals = signals;
        Volatile.Write(ref _scrapedAt, timestamp);
    }

    internal void Relabel(IReadOnlyDictionary<string, string> labels) => _labels = labels.ToFrozenDictionary(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => $"{Namespace}/{Name} ({Destination})";

    private static string Format(IPEndPoint address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6
            ? string.Create(CultureInfo.InvariantCulture, $"[{address.Address}]:{address.Port}")
            : string.Create(CultureInfo.InvariantCulture, $"{address.Address}:{address.Port}");
}

using System.Net;
using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Cluster;

/// <summary>
/// Writes a list of endpoints into the pool. A host name becomes an endpoint for each of its addresses; where a look-up fails, the addresses
/// that it had last stay. One caller at a time.
/// </summary>
internal sealed partial class EndpointPublisher(EndpointPool pool, IHostResolver resolver, TimeProvider time, ILogger<EndpointPublisher> logger)
{
    /// <summary>How often host names are looked up again.</summary>
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LookupBudget = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, IPAddress[]> _known = new(StringComparer.OrdinalIgnoreCase);
    private IReadOnlyList<EndpointEntry> _entries = [];

    /// <summary>Makes a list the pool's membership.</summary>
    public async ValueTask PublishAsync(IReadOnlyList<EndpointEntry> entries, CancellationToken cancellationToken)
    {
        _entries = entries;
        await RefreshAsync(cancellationToken);
    }

    /// <summary>Looks the list's host names up again.</summary>
    public async ValueTask RefreshAsync(CancellationToken cancellationToken)
    {
        string[] hosts =
        [
            .. _entries.Where(entry => entry.Host.Address is null).Select(entry => entry.Host.Text).Distinct(StringComparer.OrdinalIgnoreCase),
        ];
        await Task.WhenAll(hosts.Select(host => LookUpAsync(host, cancellationToken)));
        foreach (string forgotten in _known.Keys.Except(hosts, StringComparer.OrdinalIgnoreCase).ToArray())
        {
            _known.Remove(forgotten);
        }

        pool.Replace([.. _entries.SelectMany(Descriptions).DistinctBy(endpoint => (endpoint.Namespace, endpoint.Name))]);
    }

    private async Task LookUpAsync(string host, CancellationToken cancellationToken)
    {
        using CancellationTokenSource budget = new(LookupBudget, time);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, cancellationToken);
        IPAddress[] found;
        try
        {
            found = await resolver.ResolveAsync(host, linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            found = [];
        }

        IPAddress[] addresses =
        [
            .. found.Select(address => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
                .Distinct()
                .OrderBy(address => address.ToString(), StringComparer.Ordinal),
        ];

        // Look-ups run at once and end on any thread.
        lock (_known)
        {
            bool had = _known.TryGetValue(host, out IPAddress[]? last);
            if (addresses.Length == 0)
            {
                Log.LookupFailed(logger, host, last?.Length ?? 0);
            }
            else
            {
                _known[host] = addresses;
                if (had && !last!.SequenceEqual(addresses))
                {
                    Log.AddressesChanged(logger, host, addresses.Length);
                }
            }
        }
    }

    private IEnumerable<EndpointDescription> Descriptions(EndpointEntry entry)
    {
        if (entry.Host.Address is { } address)
        {
            return [new EndpointDescription(entry.Namespace, entry.Name, new IPEndPoint(address, entry.Port), entry.Labels)];
        }

        return _known.TryGetValue(entry.Host.Text, out IPAddress[]? found)
            ? found.Select(each => new EndpointDescription(entry.Namespace, $"{entry.Name}-{each}", new IPEndPoint(each, entry.Port), entry.Labels))
            : [];
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The host name {Host} could not be looked up; its last {Kept} addresses stay.", EventName = nameof(LookupFailed))]
        public static partial void LookupFailed(ILogger logger, string host, int kept);

        [LoggerMessage(2, LogLevel.Information, "The host name {Host} now has {Addresses} addresses.", EventName = nameof(AddressesChanged))]
        public static partial void AddressesChanged(ILogger logger, string host, int addresses);
    }
}

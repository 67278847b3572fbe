using System.Net;

namespace EndpointPicker.Cluster;

/// <summary>Looks host names up.</summary>
internal interface IHostResolver
{
    /// <summary>Looks one name up.</summary>
    /// <param name="host">The name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its addresses; empty where the name is unknown or nobody answers.</returns>
    ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);
}

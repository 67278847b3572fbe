using EndpointPicker.Configuration;

namespace EndpointPicker.Cluster;

/// <summary>Where a pool's endpoints come from without an API server.</summary>
internal interface IEndpointSource
{
    /// <summary>Fills the pool for the first time.</summary>
    /// <param name="cancellationToken">Ends the wait for look-ups.</param>
    /// <returns>What was found; where there is an error, the pool is untouched and the process should not start.</returns>
    ValueTask<IReadOnlyList<ConfigurationDiagnostic>> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Keeps the pool as the source says until the token ends; to end before that is a fault, and so is an exception: it is then run again.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    Task RunAsync(CancellationToken cancellationToken);
}

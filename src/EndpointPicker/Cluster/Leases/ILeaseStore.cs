namespace EndpointPicker.Cluster.Leases;

/// <summary>Where one lease is kept. Nothing throws but on cancellation.</summary>
internal interface ILeaseStore
{
    /// <summary>Reads it, the latest version.</summary>
    ValueTask<LeaseAnswer> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Makes it, where there is none.</summary>
    ValueTask<LeaseAnswer> CreateAsync(LeaseClaim claim, CancellationToken cancellationToken);

    /// <summary>Writes it, where nobody else has since it was read.</summary>
    /// <param name="read">What was read.</param>
    /// <param name="claim">What it is to say.</param>
    /// <param name="cancellationToken">Ends the wait; the write may have been done all the same.</param>
    ValueTask<LeaseAnswer> UpdateAsync(LeaseRecord read, LeaseClaim claim, CancellationToken cancellationToken);
}

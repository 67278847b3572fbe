using System.Globalization;
using EndpointPicker.Cluster.Leases;

namespace EndpointPicker.Tests.Cluster.Leases;

/// <summary>A lease in memory, with what an API server does to those who ask for it, and a connection to it for each of them.</summary>
internal sealed class FakeLeaseStore(TimeProvider time)
{
    private int _version;

    /// <summary>The lease; null where there is none.</summary>
    public LeaseRecord? Lease { get; private set; }

    /// <summary>How often it was read and written.</summary>
    public (int Reads, int Writes) Calls { get; set; }

    /// <summary>Writes as somebody else.</summary>
    public void Put(LeaseClaim claim) => Lease = new LeaseRecord((++_version).ToString(CultureInfo.InvariantCulture), claim, default);

    public void Delete() => Lease = null;

    public Connection Connect() => new(this, time);

    private LeaseAnswer Create(LeaseClaim claim)
    {
        if (Lease is not null)
        {
            return LeaseAnswer.Conflict;
        }

        Put(claim);
        return LeaseAnswer.Of(Lease!);
    }

    private LeaseAnswer Update(LeaseRecord read, LeaseClaim claim)
    {
        if (Lease is null)
        {
            return LeaseAnswer.Missing;
        }

        if (Lease.Version != read.Version)
        {
            return LeaseAnswer.Conflict;
        }

        Put(claim);
        return LeaseAnswer.Of(Lease!);
    }

    /// <summary>The way to the lease of one who asks.</summary>
    internal sealed class Connection(FakeLeaseStore store, TimeProvider time) : ILeaseStore
    {
        /// <summary>Why requests fail without reaching the lease; null where they do not.</summary>
        public string? Down { get; set; }

        /// <summary>How long a request is under way, and how long its answer; infinite where it never arrives.</summary>
        public Func<(TimeSpan There, TimeSpan Back)> Delay { get; set; } = () => default;

        public ValueTask<LeaseAnswer> ReadAsync(CancellationToken cancellationToken)
        {
            store.Calls = (store.Calls.Reads + 1, store.Calls.Writes);
            return SendAsync(() => store.Lease is null ? LeaseAnswer.Missing : LeaseAnswer.Of(store.Lease), cancellationToken);
        }

        public ValueTask<LeaseAnswer> CreateAsync(LeaseClaim claim, CancellationToken cancellationToken) => WriteAsync(() => store.Create(claim), cancellationToken);

        public ValueTask<LeaseAnswer> UpdateAsync(LeaseRecord read, LeaseClaim claim, CancellationToken cancellationToken) =>
            WriteAsync(() => store.Update(read, claim), cancellationToken);

        private ValueTask<LeaseAnswer> WriteAsync(Func<LeaseAnswer> apply, CancellationToken cancellationToken)
        {
            store.Calls = (store.Calls.Reads, store.Calls.Writes + 1);
            return SendAsync(apply, cancellationToken);
        }

        private async ValueTask<LeaseAnswer> SendAsync(Func<LeaseAnswer> apply, CancellationToken cancellationToken)
        {
            if (Down is { } fault)
            {
                return LeaseAnswer.Failed(fault);
            }

            // Whoever gives up waiting does not call back what is under way.
            return await ArriveAsync(apply).WaitAsync(cancellationToken);
        }

        private async Task<LeaseAnswer> ArriveAsync(Func<LeaseAnswer> apply)
        {
            (TimeSpan there, TimeSpan back) = Delay();
            if (there != TimeSpan.Zero)
            {
                await Task.Delay(there, time, CancellationToken.None);
            }

            LeaseAnswer answer = apply();
            if (back != TimeSpan.Zero)
            {
                await Task.Delay(back, time, CancellationToken.None);
            }

            return answer;
        }
    }
}

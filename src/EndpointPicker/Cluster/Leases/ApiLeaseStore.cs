using EndpointPicker.Cluster.Api;

namespace EndpointPicker.Cluster.Leases;

/// <summary>A <c>coordination.k8s.io/v1</c> Lease at the API server.</summary>
/// <param name="client">The API server.</param>
/// <param name="space">The namespace.</param>
/// <param name="name">The lease's name.</param>
internal sealed class ApiLeaseStore(ApiClient client, string space, string name) : ILeaseStore
{
    private const int NotFound = 404;
    private const int Forbidden = 403;
    private const int AlreadyWritten = 409;

    private static readonly ResourceKind Leases = new("coordination.k8s.io", "v1", "leases");

    public ValueTask<LeaseAnswer> ReadAsync(CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, Leases.Path(space, name), default, cancellationToken);

    public ValueTask<LeaseAnswer> CreateAsync(LeaseClaim claim, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, Leases.Path(space), LeaseObject.Create(space, name, claim), cancellationToken);

    public ValueTask<LeaseAnswer> UpdateAsync(LeaseRecord read, LeaseClaim claim, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, Leases.Path(space, name), LeaseObject.Update(read.Document, claim), cancellationToken);

    private async ValueTask<LeaseAnswer> SendAsync(HttpMethod method, string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        try
        {
            ApiAnswer answer = await client.SendAsync(method, path, body, cancellationToken);
            return answer.Status switch
            {
                // A namespace that does not exist is a fault; a lease that does not is none.
                NotFound when method != HttpMethod.Post => LeaseAnswer.Missing,
                AlreadyWritten => LeaseAnswer.Conflict,
                Forbidden => LeaseAnswer.Failed(
                    $"{answer.Message}; grant the verbs get, create and update on leases of API group coordination.k8s.io in a Role of namespace {space}"),
                _ when answer.IsSuccess => LeaseObject.TryRead(answer.Body, out LeaseRecord? record)
                    ? LeaseAnswer.Of(record)
                    : LeaseAnswer.Failed($"what the API server answered is no Lease (namespace {space}, name {name})"),
                _ => LeaseAnswer.Failed($"the API server refused: {answer}"),
            };
        }
        catch (ApiUnreachableException e)
        {
            return LeaseAnswer.Failed(e.Message);
        }
    }
}

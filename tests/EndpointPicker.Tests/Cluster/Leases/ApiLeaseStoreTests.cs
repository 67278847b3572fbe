using System.Text.Json.Nodes;
using EndpointPicker.Cluster.Api;
using EndpointPicker.Cluster.Leases;
using EndpointPicker.Tests.Cluster.Api;
using EndpointPicker.Tests.Hosting.Tls;
using Testing;

namespace EndpointPicker.Tests.Cluster.Leases;

/// <summary>The lease at a real API server.</summary>
public sealed class ApiLeaseStoreTests(TestApiFixture fixture)
{
    private const string Name = "epp-demo-pool.llm-d.ai";

    private static readonly LeaseClaim Claim = new()
    {
        Holder = "host_1",
        Duration = TimeSpan.FromSeconds(15),
        Acquired = new DateTimeOffset(2026, 11, 21, 19, 0, 0, TimeSpan.Zero).AddMicroseconds(123456),
        Renewed = new DateTimeOffset(2026, 11, 21, 19, 0, 2, TimeSpan.Zero),
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lease_FromNothingToRelease_IsWhatKubectlShows()
    {
        TestApi api = await fixture.GetAsync();
        string space = await fixture.NewNamespaceAsync();
        using ApiClient client = TestClients.Admin(api);
        ApiLeaseStore sut = new(client, space, Name);
        Assert.Same(LeaseAnswer.Missing, await sut.ReadAsync(Cancellation));

        LeaseRecord created = (await sut.CreateAsync(Claim, Cancellation)).Record!;
        Assert.Equal(Claim, created.Claim);
        Assert.Equal(Claim, (await sut.ReadAsync(Cancellation)).Record!.Claim);
        Assert.Equal("2026-11-21T19:00:00.123456Z", await SpecAsync(api, space, "acquireTime"));
        Assert.Same(LeaseAnswer.Conflict, await sut.CreateAsync(Claim, Cancellation));

        LeaseClaim released = new() { Duration = TimeSpan.FromSeconds(1), Acquired = Claim.Renewed, Renewed = Claim.Renewed, Transitions = 7 };
        LeaseRecord updated = (await sut.UpdateAsync(created, released, Cancellation)).Record!;
        Assert.Equal(released, updated.Claim);
        Assert.Same(LeaseAnswer.Conflict, await sut.UpdateAsync(created, Claim, Cancellation));
        await api.KubectlAsync($"-n {space} delete lease {Name}");
        Assert.Same(LeaseAnswer.Missing, await sut.ReadAsync(Cancellation));
        Assert.Null((await sut.UpdateAsync(updated, Claim, Cancellation)).Record);
    }

    [Fact]
    public async Task Update_LeaseWithFieldsOfOthers_KeepsThem()
    {
        TestApi api = await fixture.GetAsync();
        string space = await fixture.NewNamespaceAsync();
        await api.ApplyAsync($$"""
            apiVersion: coordination.k8s.io/v1
            kind: Lease
            metadata: { name: {{Name}}, namespace: {{space}}, labels: { team: a }, annotations: { why: x } }
            """);
        using ApiClient client = TestClients.Admin(api);
        ApiLeaseStore sut = new(client, space, Name);
        LeaseRecord read = (await sut.ReadAsync(Cancellation)).Record!;
        Assert.Equal(new LeaseClaim(), read.Claim);
        LeaseRecord written = (await sut.UpdateAsync(read, Claim, Cancellation)).Record!;
        JsonNode metadata = JsonNode.Parse(written.Document.Span)!["metadata"]!;
        Assert.Equal(("a", "x"), ((string?)metadata["labels"]!["team"], (string?)metadata["annotations"]!["why"]));
    }

    [Fact]
    public async Task Create_NamespaceMissing_IsAFault()
    {
        using ApiClient client = TestClients.Admin(await fixture.GetAsync());
        Assert.Contains("\"nowhere\" not found", (await new ApiLeaseStore(client, "nowhere", Name).CreateAsync(Claim, Cancellation)).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_WithoutTheRight_SaysWhatToGrant()
    {
        TestApi api = await fixture.GetAsync();
        string space = await fixture.NewNamespaceAsync();
        string token = await api.ServiceAccountTokenAsync(space, "nobody");
        using ApiClient client = TestClients.Of(TestClients.Access(api) with { Credentials = new ClusterCredentials { Token = token } });
        string fault = (await new ApiLeaseStore(client, space, Name).ReadAsync(Cancellation)).Fault!;
        Assert.Contains("cannot get resource \"leases\"", fault, StringComparison.Ordinal);
        Assert.EndsWith($"grant the verbs get, create and update on leases of API group coordination.k8s.io in a Role of namespace {space}", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Election_WithGetCreateAndUpdateAlone_LeadsAndGivesUp()
    {
        TestApi api = await fixture.GetAsync();
        string space = await fixture.NewNamespaceAsync();
        string token = await api.ServiceAccountTokenAsync(space, "epp");
        Assert.Equal(0, (await api.KubectlAsync($"-n {space} create role leases --verb=get,create,update --resource=leases.coordination.k8s.io")).ExitCode);
        Assert.Equal(0, (await api.KubectlAsync($"-n {space} create rolebinding leases --role=leases --serviceaccount={space}:epp")).ExitCode);
        await api.RightsInForceAsync();
        using ApiClient client = TestClients.Of(TestClients.Access(api) with { Credentials = new ClusterCredentials { Token = token } });
        using CancellationTokenSource stop = new();
        TaskCompletionSource led = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // The retry period is the time that giving up may take, too: long enough for a busy machine.
        LeaderElectionOptions options = new() { Identity = "a", LeaseDuration = TimeSpan.FromMinutes(2), RenewDeadline = TimeSpan.FromMinutes(1), RetryPeriod = TimeSpan.FromSeconds(30) };
        LeaderElection first = new(new ApiLeaseStore(client, space, Name), options, TimeProvider.System, new Random(1), new EventLogger<LeaderElection>());
        Task running = first.RunAsync(state => _ = state.Leads && led.TrySetResult(), stop.Token);
        await led.Task.DefaultTimeout();
        Assert.Equal("a", await SpecAsync(api, space, "holderIdentity"));
        await stop.CancelAsync();
        await running.DefaultTimeout();
        Assert.Equal("", await SpecAsync(api, space, "holderIdentity"));
        Assert.Equal("1", await SpecAsync(api, space, "leaseDurationSeconds"));
    }

    private static async Task<string> SpecAsync(TestApi api, string space, string field) =>
        (await api.KubectlAsync($"-n {space} get lease {Name} -o jsonpath={{.spec.{field}}}")).Output;
}

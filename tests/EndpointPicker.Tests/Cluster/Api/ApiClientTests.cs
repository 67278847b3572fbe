using System.Text;
using System.Text.Json;
using EndpointPicker.Cluster.Api;
using Testing;

namespace EndpointPicker.Tests.Cluster.Api;

/// <summary>Requests to a real API server.</summary>
public class ApiClientTests(TestApiFixture server)
{
    private static readonly ResourceKind ConfigMaps = new("", "v1", "configmaps");

    [Fact]
    public async Task Send_CreateReadPatchDelete_AreObeyed()
    {
        string space = await server.NewNamespaceAsync();
        using ApiClient sut = TestClients.Admin(await server.GetAsync());

        ApiAnswer created = await SendAsync(sut, HttpMethod.Post, ConfigMaps.Path(space), """{"metadata":{"name":"a"},"data":{"k":"v"}}""");
        ApiAnswer patched = await SendAsync(sut, HttpMethod.Patch, ConfigMaps.Path(space, "a"), """{"data":{"k":null,"l":"w"}}""");
        ApiAnswer read = await SendAsync(sut, HttpMethod.Get, ConfigMaps.Path(space, "a"));
        ApiAnswer deleted = await SendAsync(sut, HttpMethod.Delete, ConfigMaps.Path(space, "a"));

        Assert.Equal((201, 200, 200, 200), (created.Status, patched.Status, read.Status, deleted.Status));
        Assert.True(created.IsSuccess);
        Assert.Equal("""{"l":"w"}""", JsonDocument.Parse(read.Body).RootElement.GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task Send_Refusals_AreAnswers()
    {
        string space = await server.NewNamespaceAsync();
        using ApiClient sut = TestClients.Admin(await server.GetAsync());
        await SendAsync(sut, HttpMethod.Post, ConfigMaps.Path(space), """{"metadata":{"name":"a"}}""");

        ApiAnswer missing = await SendAsync(sut, HttpMethod.Get, ConfigMaps.Path(space, "b"));
        ApiAnswer twice = await SendAsync(sut, HttpMethod.Post, ConfigMaps.Path(space), """{"metadata":{"name":"a"}}""");
        ApiAnswer stale = await SendAsync(sut, HttpMethod.Put, ConfigMaps.Path(space, "a"), """{"metadata":{"name":"a","resourceVersion":"1"}}""");
        ApiAnswer unknownKind = await SendAsync(sut, HttpMethod.Get, new ResourceKind("nowhere.example", "v1", "things").Path(space));

        Assert.Equal((404, "NotFound"), (missing.Status, missing.Reason));
        Assert.Equal("configmaps \"b\" not found", missing.Message);
        Assert.False(missing.IsSuccess);
        Assert.Equal((409, "AlreadyExists"), (twice.Status, twice.Reason));
        Assert.Equal((409, "Conflict"), (stale.Status, stale.Reason));
        Assert.Equal((404, "", ""), (unknownKind.Status, unknownKind.Reason, unknownKind.Message));
    }

    [Fact]
    public async Task Send_ServiceAccountWithoutRights_IsForbidden()
    {
        TestApi api = await server.GetAsync();
        string space = await server.NewNamespaceAsync();
        string token = await api.ServiceAccountTokenAsync(space, "bot");
        using ApiClient sut = TestClients.Of(TestClients.Access(api) with { Credentials = new ClusterCredentials { Token = token } });

        ApiAnswer answer = await SendAsync(sut, HttpMethod.Get, ConfigMaps.Path(space));

        Assert.Equal((403, "Forbidden"), (answer.Status, answer.Reason));
        Assert.Contains($"system:serviceaccount:{space}:bot", answer.Message, StringComparison.Ordinal);
    }

    private static Task<ApiAnswer> SendAsync(ApiClient sut, HttpMethod method, string path, string body = "") =>
        sut.SendAsync(method, path, Encoding.UTF8.GetBytes(body), TestContext.Current.CancellationToken).DefaultTimeout();
}

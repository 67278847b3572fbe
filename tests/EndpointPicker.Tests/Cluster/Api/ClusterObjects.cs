using System.Text;
using System.Text.Json;
using EndpointPicker.Cluster.Api;
using Testing;

namespace EndpointPicker.Tests.Cluster.Api;

/// <summary>Objects of one kind in one namespace of a real server, written and listed without the code under test beyond single requests.</summary>
internal sealed class ClusterObjects(ApiClient client, ResourceKind kind, string space)
{
    /// <summary>Creates an object.</summary>
    public Task CreateAsync(string name, string fields = "") =>
        SendAsync(HttpMethod.Post, kind.Path(space), $$$"""{"metadata":{"name":"{{{name}}}"}{{{fields}}}}""");

    /// <summary>Changes an object.</summary>
    public Task PatchAsync(string name, string patch, string subresource = "") => SendAsync(HttpMethod.Patch, kind.Path(space, name) + subresource, patch);

    /// <summary>Deletes an object at once.</summary>
    public Task DeleteAsync(string name) => SendAsync(HttpMethod.Delete, kind.Path(space, name) + "?gracePeriodSeconds=0", "");

    /// <summary>All objects by name, with their versions.</summary>
    public async Task<Dictionary<string, string>> AllAsync()
    {
        ApiAnswer answer = await client.SendAsync(HttpMethod.Get, kind.Path(space), default, CancellationToken.None).DefaultTimeout();
        Assert.True(answer.IsSuccess, answer.ToString());
        using JsonDocument list = JsonDocument.Parse(answer.Body);
        return list.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("metadata"))
            .ToDictionary(metadata => metadata.GetProperty("name").GetString()!, metadata => metadata.GetProperty("resourceVersion").GetString()!);
    }

    /// <summary>Waits until a follower has what the server has; nobody writes meanwhile.</summary>
    public async Task ExpectAsync(RecordingSink sink)
    {
        Dictionary<string, string> all = await AllAsync();
        try
        {
            await sink.Until(follower => follower.Objects.Count == all.Count && all.All(pair => follower.Objects.GetValueOrDefault(pair.Key) == pair.Value));
        }
        catch (TimeoutException)
        {
            Assert.Equal(all.Order(), sink.Objects.Order());
        }
    }

    private async Task SendAsync(HttpMethod method, string path, string body)
    {
        ApiAnswer answer = await client.SendAsync(method, path, Encoding.UTF8.GetBytes(body), CancellationToken.None).DefaultTimeout();
        Assert.True(answer.IsSuccess, $"{method} {path}: {answer}");
    }
}

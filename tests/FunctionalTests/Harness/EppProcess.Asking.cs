using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FunctionalTests.Process;
using Testing;

namespace FunctionalTests.Harness;

/// <content>What it says of itself, and where requests go.</content>
internal sealed partial class EppProcess
{
    private Uri Pages => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{MetricsPort}"));

    /// <summary>Gets a page of the metrics port, which has to be there.</summary>
    public async Task<string> GetAsync(string path)
    {
        using HttpResponseMessage answer = await Http.GetAsync(new Uri(Pages, path)).DefaultTimeout();
        return answer.StatusCode is HttpStatusCode.OK
            ? await answer.Content.ReadAsStringAsync()
            : throw new InvalidOperationException($"{path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>Asks as somebody who is not on this machine would have to, by another name than localhost.</summary>
    public Task<(int Status, string Text)> GetFromAfarAsync(string path, string token = "") => GetFromAfarAsync(new Uri(Pages, path), token);

    /// <summary>Asks any picker as somebody who is not on this machine would have to.</summary>
    public static async Task<(int Status, string Text)> GetFromAfarAsync(Uri page, string token = "")
    {
        using HttpRequestMessage request = new(HttpMethod.Get, page);
        request.Headers.Host = "epp.example:9090";
        if (token.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using HttpResponseMessage answer = await Http.SendAsync(request).DefaultTimeout();
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Waits until a page of the metrics port has a text.</summary>
    public Task UntilPageAsync(string path, string text) => Polling.UntilAsync(() => GetAsync(path), page => page.Contains(text, StringComparison.Ordinal), text);

    /// <summary>Adds up all series of one metric.</summary>
    public async Task<double> MetricAsync(string name) => PrometheusPage.Sum(await GetAsync("/metrics"), name);

    /// <summary>Waits until all series of one metric add up to a value.</summary>
    public Task UntilMetricAsync(string name, double value) => UntilMetricAsync(name, sum => sum == value);

    /// <summary>Waits until the sum of all series of one metric is as wanted.</summary>
    public Task UntilMetricAsync(string name, Func<double, bool> reached) => PrometheusPage.UntilSumAsync(() => GetAsync("/metrics"), name, reached);

    /// <summary>What <c>/readyz</c> says, be it ready or not.</summary>
    public async Task<string> ReadinessAsync()
    {
        using HttpResponseMessage answer = await Http.GetAsync(new Uri(Pages, "/readyz")).DefaultTimeout();
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Waits for the answer of <c>/readyz</c> to begin so.</summary>
    public Task ReadyAsync(string answer = "ok") => Polling.UntilAsync(ReadinessAsync, text => text.StartsWith(answer, StringComparison.Ordinal), answer);

    /// <summary>What would become of a completion for a model.</summary>
    /// <returns>The model that the server would run, and the request's priority.</returns>
    public async Task<(string? Target, int Priority)> RehearseAsync(string model)
    {
        using StringContent body = new($$"""{"model":"{{model}}","prompt":"x"}""");
        using HttpResponseMessage answer = await Http.PostAsync(new Uri(Pages, "/explain?path=/v1/completions"), body).DefaultTimeout();
        using JsonDocument decision = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (decision.RootElement.GetProperty("targetModel").GetString(), decision.RootElement.GetProperty("priority").GetInt32());
    }

    /// <summary>The names and destinations of a pool's endpoints.</summary>
    public async Task<string[]> MembersAsync(string pool = "")
    {
        using JsonDocument state = JsonDocument.Parse(await GetAsync(pool.Length > 0 ? $"/board/state?pool={pool}" : "/board/state"));
        return [.. state.RootElement.GetProperty("endpoints").EnumerateArray().Select(endpoint => $"{endpoint.GetProperty("name").GetString()} {endpoint.GetProperty("destination").GetString()}")];
    }

    /// <summary>Waits for the pool to have these endpoints.</summary>
    public Task UntilMembersAsync(params string[] members) => UntilMembersOfAsync("", members);

    /// <summary>Waits for one of several pools to have these endpoints.</summary>
    public Task UntilMembersOfAsync(string pool, params string[] members) =>
        Polling.UntilAsync(async () => string.Join(", ", await MembersAsync(pool)), found => found == string.Join(", ", members), $"members of {pool}: {string.Join(", ", members)}");

    /// <summary>Where a request without a body goes.</summary>
    public Task<string> PickAsync() => Client.PickAsync();
}

using System.Text.Json;

namespace EndpointPicker.Demo.Observed;

/// <summary>Asks the picker to explain its last decisions; a picker that does not know how gives none.</summary>
internal sealed class DecisionFeed(Uri admin) : IDisposable
{
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(2) };

    /// <summary>The last decisions, the newest first.</summary>
    public async Task<IReadOnlyList<Decision>> LastAsync(int count, CancellationToken cancellationToken)
    {
        try
        {
            return Read(await _client.GetByteArrayAsync(new Uri(admin, $"/explain?last={count}"), cancellationToken));
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException
            || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return [];
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Reads the page of <c>GET /explain</c>.</summary>
    public static IReadOnlyList<Decision> Read(ReadOnlyMemory<byte> page)
    {
        using var document = JsonDocument.Parse(page);
        return [.. document.RootElement.GetProperty("decisions").EnumerateArray().Select(Read)];
    }

    private static Decision Read(JsonElement item) => new(
        item.GetProperty("sequence").GetInt64(),
        Text(item, "model"),
        Text(item, "picked"),
        Text(item, "reason"),
        Text(item, "why") is { Length: > 0 } why ? why : null,
        [.. item.GetProperty("candidates").EnumerateArray().Where(candidate => candidate.TryGetProperty("scores", out _)).Select(ReadCandidate)]);

    private static Candidate ReadCandidate(JsonElement item) => new(
        Text(item, "endpoint"),
        Text(item, "destination"),
        item.GetProperty("total").GetDouble(),
        item.GetProperty("scores").EnumerateObject().ToDictionary(score => score.Name, score => score.Value.GetProperty("weighted").GetDouble()));

    private static string Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}

using System.Text.Json;

namespace EndpointPicker.Demo.Board;

/// <summary>Asks the picker to explain its last decisions; a picker that does not know how gives none.</summary>
internal sealed class DecisionFeed(Uri admin) : IDisposable
{
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(2) };

    /// <summary>Whether the last question was answered.</summary>
    public bool IsAvailable { get; private set; }

    /// <summary>The last decisions, the newest first.</summary>
    public async Task<IReadOnlyList<Decision>> LastAsync(int count, CancellationToken cancellationToken)
    {
        try
        {
            using var document = JsonDocument.Parse(await _client.GetByteArrayAsync(new Uri(admin, $"/explain?last={count}"), cancellationToken));
            IsAvailable = true;
            return [.. document.RootElement.GetProperty("decisions").EnumerateArray().Select(Read)];
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException
            || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            IsAvailable = false;
            return [];
        }
    }

    public void Dispose() => _client.Dispose();

    private static Decision Read(JsonElement item) => new(
        Text(item, "requestId"), Text(item, "model"), Text(item, "reason"), Text(item, "picked"), [.. item.GetProperty("candidates").EnumerateArray().Where(candidate => candidate.TryGetProperty("scores", out _)).Select(ReadCandidate)]);

    private static Candidate ReadCandidate(JsonElement item) => new(
        Text(item, "endpoint"),
        Text(item, "destination"),
        item.GetProperty("total").GetDouble(),
        item.GetProperty("scores").EnumerateObject().ToDictionary(score => score.Name, score => score.Value.GetProperty("weighted").GetDouble()));

    private static string Text(JsonElement item, string name) => item.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}

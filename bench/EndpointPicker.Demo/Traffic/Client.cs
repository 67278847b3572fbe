using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace EndpointPicker.Demo.Traffic;

/// <summary>The users of one side, with connections of their own.</summary>
internal sealed class Client(Uri entrance) : IDisposable
{
    private const string Data = "data: {";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, MaxResponseDrainSize = 0 }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Sends a request and reads its answer; times count from <paramref name="due"/>, a timestamp of <see cref="Stopwatch"/>.</summary>
    public async Task<RequestOutcome> AskAsync(PlannedTurn turn, long due, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(entrance, turn.Path)) { Content = new ByteArrayContent(turn.Body.Value) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            string? pod = response.Headers.TryGetValues("x-served-by", out IEnumerable<string>? names) ? names.First() : null;
            (TimeSpan? firstToken, TokenUsage? usage) = response.Content.Headers.ContentType?.MediaType == "text/event-stream"
                ? await ReadStreamAsync(response, due, cancellationToken)
                : (null, TokenUsage.TryRead(await response.Content.ReadAsStringAsync(cancellationToken), out TokenUsage whole) ? whole : null);
            int status = (int)response.StatusCode == 200 && usage is null ? 0 : (int)response.StatusCode;
            return new RequestOutcome(turn.Model, pod, status, firstToken, Stopwatch.GetElapsedTime(due), usage ?? default);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException)
        {
            return new RequestOutcome(turn.Model, null, 0, null, Stopwatch.GetElapsedTime(due), default);
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task<(TimeSpan? FirstToken, TokenUsage? Usage)> ReadStreamAsync(HttpResponseMessage response, long due, CancellationToken cancellationToken)
    {
        TimeSpan? firstToken = null;
        TokenUsage? usage = null;
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (!line.StartsWith(Data, StringComparison.Ordinal))
            {
                continue;
            }

            firstToken ??= Stopwatch.GetElapsedTime(due);
            if (line.Contains("\"usage\":{", StringComparison.Ordinal) && TokenUsage.TryRead(line[(Data.Length - 1)..], out TokenUsage counted))
            {
                usage = counted;
            }
        }

        return (firstToken, usage);
    }
}

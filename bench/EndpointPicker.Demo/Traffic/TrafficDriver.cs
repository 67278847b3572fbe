using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace EndpointPicker.Demo.Traffic;

/// <summary>Sends a workload in open loop: late answers do not slow the next question down, and times count from the scheduled moment.</summary>
internal sealed class TrafficDriver(Uri entrance, Workload workload, double rate, Action<RequestOutcome> finished) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, MaxResponseDrainSize = 0 }) { Timeout = Timeout.InfiniteTimeSpan };
    private int _inFlight;

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Sends until cancelled, then waits for what is under way until <paramref name="cut"/>.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken cut)
    {
        var underWay = new List<Task>();
        long start = Stopwatch.GetTimestamp();
        TimeSpan due = TimeSpan.Zero;
        try
        {
            while (true)
            {
                due += workload.NextGap(rate);
                TimeSpan left = due - Stopwatch.GetElapsedTime(start);
                if (left > TimeSpan.Zero)
                {
                    await Task.Delay(left, stop);
                }

                stop.ThrowIfCancellationRequested();
                (Tenant tenant, byte[] body) = workload.Next();
                underWay.RemoveAll(task => task.IsCompletedSuccessfully);
                underWay.Add(SendAsync(tenant, body, start + (long)(due.TotalSeconds * Stopwatch.Frequency), cut));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(underWay);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task SendAsync(Tenant tenant, byte[] body, long due, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _inFlight);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(entrance, "/v1/chat/completions")) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            string? pod = response.Headers.TryGetValues("x-served-by", out IEnumerable<string>? names) ? names.First() : null;
            finished(await ReadAsync(response, tenant, pod, due, cancellationToken));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            finished(new RequestOutcome(tenant, null, 0, TimeSpan.Zero, Stopwatch.GetElapsedTime(due), 0, 0));
        }
        catch (OperationCanceledException)
        {
            // The demo is ending.
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private static async Task<RequestOutcome> ReadAsync(HttpResponseMessage response, Tenant tenant, string? pod, long due, CancellationToken cancellationToken)
    {
        TimeSpan firstToken = TimeSpan.Zero;
        int prompt = 0;
        int cached = 0;
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (!line.StartsWith("data: {", StringComparison.Ordinal))
            {
                continue;
            }

            if (firstToken == TimeSpan.Zero)
            {
                firstToken = Stopwatch.GetElapsedTime(due);
            }

            if (line.Contains("\"usage\":{", StringComparison.Ordinal))
            {
                using JsonDocument chunk = JsonDocument.Parse(line["data: ".Length..]);
                JsonElement usage = chunk.RootElement.GetProperty("usage");
                prompt = usage.GetProperty("prompt_tokens").GetInt32();
                cached = usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32();
            }
        }

        return new RequestOutcome(tenant, pod, (int)response.StatusCode, firstToken, Stopwatch.GetElapsedTime(due), prompt, cached);
    }
}

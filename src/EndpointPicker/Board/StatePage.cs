using System.Text.Json;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Scheduling;
using Endpoint = EndpointPicker.Core.Endpoints.Endpoint;

namespace EndpointPicker.Board;

/// <summary>
/// <c>GET /board/state</c>: the endpoints of a pool (<c>?pool=NAME</c>, else the first) with their signals, and what the process counts. Written from snapshots when it is asked for; nothing
/// is kept from one reading to the next, so that it costs nothing while nobody looks.
/// </summary>
internal sealed class StatePage(BoardSubject subject, IBoardSource source, DecisionLog decisions, TimeProvider time) : IBoardPage
{
    // About a megabyte. The rest of a larger pool is counted, not listed.
    private const int MostEndpoints = 5000;

    private readonly long _startedAt = time.GetTimestamp();

    public string Path => BoardFiles.Home + "/state";

    public bool IsPart => true;

    public async Task HandleAsync(HttpContext context)
    {
        string named = context.Request.Query["pool"].ToString();
        if ((named.Length > 0 ? subject.Pools.Find(named) : subject.Pools.All[0]) is not { } pool)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync($"pool: {named} is not served; there are {string.Join(' ', subject.Pools.All.Select(each => each.Name))}\n");
            return;
        }

        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        using (Utf8JsonWriter json = new(context.Response.BodyWriter))
        {
            Write(json, pool);
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private void Write(Utf8JsonWriter json, DirectedPool pool)
    {
        BoardFigures figures = source.Read();
        json.WriteStartObject();
        json.WriteString("pool", pool.Name);
        json.WriteStartArray("pools");
        foreach (DirectedPool each in subject.Pools.All)
        {
            json.WriteStringValue(each.Name);
        }

        json.WriteEndArray();
        json.WriteString("version", figures.Version);
        json.WriteNumber("uptimeSeconds", time.GetElapsedTime(_startedAt).TotalSeconds);
        json.WriteString("notReady", figures.NotReady);
        json.WriteNumber("staleAfterSeconds", subject.StaleAfter.TotalSeconds);
        json.WriteNumber("decisionsRecorded", decisions.Recorded);
        WriteProfiles(json, pool);
        WriteCounts(json, figures);
        WriteEndpoints(json, pool, figures);
        json.WriteEndObject();
    }

    private static void WriteProfiles(Utf8JsonWriter json, DirectedPool pool)
    {
        json.WriteStartArray("profiles");
        foreach (SchedulingProfile profile in pool.Profiles)
        {
            json.WriteStartObject();
            json.WriteString("name", profile.Name);
            json.WriteStartArray("filters");
            foreach (Named<IFilter> filter in profile.Filters)
            {
                json.WriteStringValue(filter.Name);
            }

            json.WriteEndArray();
            json.WriteStartArray("scorers");
            foreach (WeightedScorer scorer in profile.Scorers)
            {
                json.WriteStartObject();
                json.WriteString("name", scorer.Scorer.Name);
                json.WriteNumber("weight", scorer.Weight);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("picker", profile.Picker.Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteCounts(Utf8JsonWriter json, BoardFigures figures)
    {
        json.WriteStartObject("counts");
        json.WriteNumber("requests", figures.Requests);
        json.WriteNumber("errors", figures.Errors);
        json.WriteNumber("failedPicks", figures.FailedPicks);
        json.WriteNumber("scrapes", figures.Scrapes);
        json.WriteNumber("scrapeErrors", figures.ScrapeErrors);
        json.WriteEndObject();
        json.WriteNumberOrNull("streams", figures.Streams);
        json.WriteStartObject("decisionTimes");
        json.WriteStartArray("bounds");
        foreach (double bound in figures.DecisionTimeBounds)
        {
            json.WriteNumberValue(bound);
        }

        json.WriteEndArray();
        json.WriteStartArray("buckets");
        foreach (long count in figures.DecisionTimes)
        {
            json.WriteNumberValue(count);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteEndpoints(Utf8JsonWriter json, DirectedPool pool, BoardFigures figures)
    {
        long now = time.GetTimestamp();
        ReadOnlySpan<Endpoint> endpoints = pool.Endpoints.Current.Endpoints;
        json.WriteNumber("endpointCount", endpoints.Length);
        json.WriteStartArray("endpoints");
        foreach (Endpoint endpoint in endpoints[..Math.Min(endpoints.Length, MostEndpoints)])
        {
            long scrapedAt = endpoint.ScrapedAt;
            TimeSpan? age = scrapedAt == long.MinValue ? null : time.GetElapsedTime(scrapedAt, Math.Max(scrapedAt, now));
            json.WriteEndpoint(endpoint, age, stale: age is null || age > subject.StaleAfter, figures.Picks.GetValueOrDefault((endpoint.Namespace, endpoint.Name)));
        }

        json.WriteEndArray();
    }
}

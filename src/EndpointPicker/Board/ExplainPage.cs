using System.IO.Pipelines;
using System.Text.Json;
using EndpointPicker.Core.RequestControl;

namespace EndpointPicker.Board;

/// <summary>
/// <c>/explain</c>. GET: the last decisions with their candidates, scores and reasons, the youngest first. POST: where the request in the body
/// would go now; see <see cref="RehearsedRequest"/>.
/// </summary>
internal sealed class ExplainPage(DecisionLog decisions, RehearsedRequest rehearsed, TimeProvider time) : IBoardPage
{
    private readonly DecisionJson _json = new(time);

    public string Path => "/explain";

    public IReadOnlyList<string> Methods { get; } = [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post];

    public Task HandleAsync(HttpContext context) => HttpMethods.IsPost(context.Request.Method) ? rehearsed.AnswerAsync(context, _json) : ListAsync(context);

    private async Task ListAsync(HttpContext context)
    {
        if (ExplainQuery.Read(context.Request.Query, out ExplainQuery query) is { } fault)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(fault);
            return;
        }

        context.Response.ContentType = "application/json";
        PipeWriter page = context.Response.BodyWriter;
        using Utf8JsonWriter json = new(page);
        long now = time.GetTimestamp();
        json.WriteStartObject();
        json.WriteNumber("recorded", decisions.Recorded);
        json.WriteNumber("recordedPerSecondAtMost", decisions.MostPerSecond);
        json.WriteNumber("kept", Math.Min(decisions.Recorded, decisions.Capacity));
        json.WriteStartArray("decisions");
        foreach (Decision decision in decisions.Snapshot(query.Last, query.Wants))
        {
            _json.Write(json, decision, now);
            json.Flush();

            // A decision over many candidates is 100 KB, and a page has up to 256. Completed says that the client has gone, which is no error.
            if ((await page.FlushAsync(CancellationToken.None)).IsCompleted)
            {
                return;
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        await page.FlushAsync(CancellationToken.None);
    }
}

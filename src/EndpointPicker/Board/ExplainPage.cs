using System.Buffers;
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

    public bool TakesPost => true;

    public Task HandleAsync(HttpContext context) => HttpMethods.IsPost(context.Request.Method) ? rehearsed.AnswerAsync(context, _json) : ListAsync(context);

    private Task ListAsync(HttpContext context)
    {
        if (ExplainQuery.Read(context.Request.Query, out ExplainQuery query) is { } fault)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            context.Response.ContentType = "text/plain; charset=utf-8";
            return context.Response.WriteAsync(fault);
        }

        ArrayBufferWriter<byte> page = new(16 * 1024);
        using (Utf8JsonWriter json = new(page))
        {
            long now = time.GetTimestamp();
            json.WriteStartObject();
            json.WriteNumber("recorded", decisions.Recorded);
            json.WriteNumber("recordedPerSecondAtMost", decisions.MostPerSecond);
            json.WriteNumber("kept", Math.Min(decisions.Recorded, decisions.Capacity));
            json.WriteStartArray("decisions");
            foreach (Decision decision in decisions.Snapshot(query.Last, query.Wants))
            {
                _json.Write(json, decision, now);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(page.WrittenMemory).AsTask();
    }
}

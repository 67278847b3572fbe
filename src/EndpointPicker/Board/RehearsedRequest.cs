using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using EndpointPicker.Core.RequestControl;
using Microsoft.Extensions.Primitives;

namespace EndpointPicker.Board;

/// <summary>
/// Answers <c>POST /explain</c>: the body, the headers and, by query, the method, path and subset of a request, and where it would go now.
/// Nothing is reserved, counted or recorded.
/// </summary>
/// <param name="pools">The pools, of which the request's own decides.</param>
/// <param name="time">The clock of ages.</param>
/// <param name="mostBytes">The largest body that is read.</param>
internal sealed class RehearsedRequest(PoolDirectory pools, TimeProvider time, long mostBytes)
{
    /// <summary>The largest body, unless clients may send less.</summary>
    public const long MostBytes = 16 * 1024 * 1024;

    private const string Known = """
        There are
        path=/v1/chat/completions   the request's path
        method=POST                 its method
        subset=IP:PORT,IP:PORT      the endpoints to which the proxy restricts it
        pool=NAME                   its pool, where several are served; else the headers say which

        """;

    // Of this connection, not of the request that is asked about.
    private static readonly HashSet<string> OfTheConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "connection", "content-length", "expect", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
    };

    /// <summary>Reads the request and answers with the decision, or with the error that a client would get for a bad request.</summary>
    public async Task AnswerAsync(HttpContext context, DecisionJson decisions)
    {
        RequestState request = Rehearsal.NewRequest();
        if (Fill(request, context.Request) is { } fault)
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync($"{fault}\n{Known}");
            return;
        }

        pools.Begin(request);
        Rehearsal rehearsal = request.Pool!.Rehearsal;
        PipeReader body = context.Request.BodyReader;
        ReadResult read = await body.ReadAtLeastAsync((int)Math.Min(mostBytes + 1, int.MaxValue), context.RequestAborted);
        if (read.Buffer.Length > mostBytes)
        {
            body.AdvanceTo(read.Buffer.End);
            await RefuseAsync(context, rehearsal, SchedulingResult.Refused(
                PickReason.BadRequest, InferenceErrorCode.PayloadTooLarge, $"the request body is larger than {mostBytes} bytes"));
            return;
        }

        SchedulingResult result = rehearsal.Decide(request, read.Buffer, out Decision decision);
        body.AdvanceTo(read.Buffer.End);
        if (result.Error == InferenceErrorCode.BadRequest)
        {
            await RefuseAsync(context, rehearsal, result);
            return;
        }

        context.Response.ContentType = "application/json";
        using (Utf8JsonWriter json = new(context.Response.BodyWriter))
        {
            decisions.Write(json, decision, time.GetTimestamp());
        }

        await context.Response.BodyWriter.FlushAsync(CancellationToken.None);
    }

    private string? Fill(RequestState state, HttpRequest http)
    {
        string path = "/v1/chat/completions";
        string method = HttpMethods.Post;
        string pool = "";
        foreach ((string name, StringValues values) in http.Query)
        {
            if (values.Count != 1 || string.IsNullOrEmpty(values[0]))
            {
                return $"{name}: expected one value";
            }

            switch (name)
            {
                case "path":
                    path = values[0]!;
                    break;
                case "method":
                    method = values[0]!;
                    break;
                case "subset":
                    Restrict(state, values[0]!);
                    break;
                case "pool" when pools.Find(values[0]!) is not null:
                    pool = values[0]!;
                    break;
                case "pool":
                    return $"pool: {values[0]} is not served";
                default:
                    return $"{name}: not a parameter of this page's POST";
            }
        }

        Add(state, ":method", method);
        Add(state, ":path", path);
        Add(state, ":authority", http.Host.Value ?? "");
        foreach ((string name, StringValues values) in http.Headers)
        {
            foreach (string? value in values)
            {
                if (!OfTheConnection.Contains(name))
                {
                    Add(state, name, value ?? "");
                }
            }
        }

        if (pool.Length > 0)
        {
            Add(state, PoolDirectory.PoolHeader, pool);
        }

        return null;
    }

    private static void Restrict(RequestState state, string subset)
    {
        state.Request.Subset.Begin();
        foreach (string destination in subset.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            state.Request.Subset.Add(Encoding.UTF8.GetBytes(destination));
        }
    }

    private static void Add(RequestState state, string name, string value) =>
        state.Request.Headers.Add(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));

    private static async Task RefuseAsync(HttpContext context, Rehearsal rehearsal, SchedulingResult refusal)
    {
        context.Response.StatusCode = RefusalBody.Status(refusal.Error);
        context.Response.ContentType = rehearsal.ReferenceCompatible ? "text/plain; charset=utf-8" : "application/json";
        byte[] body = rehearsal.ReferenceCompatible ? RefusalBody.ReferenceText(refusal).ToArray() : RefusalBody.Json(refusal).ToArray();
        await context.Response.Body.WriteAsync(body);
    }
}

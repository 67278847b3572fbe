using EndpointPicker.Board;
using EndpointPicker.Hosting.Lifetime;
using EndpointPicker.Hosting.Metrics;

namespace EndpointPicker.Hosting.Admin;

/// <summary>The metrics port: metrics and health for everyone, explanations and the board for loopback only.</summary>
internal sealed class AdminHandler(MetricsCollector metrics, Readiness readiness, IEnumerable<IBoardPage> pages)
{
    private readonly IBoardPage[] _pages = [.. pages];

    public Task HandleAsync(HttpContext context)
    {
        IBoardPage? page = Array.Find(_pages, page => page.Path == context.Request.Path.Value);
        if (page is not null && LocalCaller.Refusal(context) is { } refusal)
        {
            return AnswerAsync(context, StatusCodes.Status403Forbidden, $"{page.Path} {refusal}\n");
        }

        string method = context.Request.Method;
        bool takesPost = page?.TakesPost == true;
        if (!HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !(takesPost && HttpMethods.IsPost(method)))
        {
            string allowed = takesPost ? "GET, HEAD, POST" : "GET, HEAD";
            context.Response.Headers.Allow = allowed;
            return AnswerAsync(context, StatusCodes.Status405MethodNotAllowed, $"only {allowed} are answered here\n");
        }

        return page?.HandleAsync(context) ?? OwnAsync(context);
    }

    private Task OwnAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/metrics":
                return MetricsAsync(context);
            case "/healthz":
                return AnswerAsync(context, StatusCodes.Status200OK, "ok\n");
            case "/readyz":
                return readiness.IsReady
                    ? AnswerAsync(context, StatusCodes.Status200OK, readiness.Remark is { Length: > 0 } remark ? $"ok; {remark}\n" : "ok\n")
                    : AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, $"not ready: {readiness.Reason}\n");
            default:
                string known = string.Join(' ', _pages.Where(page => !page.IsPart).Select(page => page.Path));
                return AnswerAsync(context, StatusCodes.Status404NotFound, $"not found; there are /metrics /healthz /readyz {known}\n");
        }
    }

    private static Task AnswerAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text);
    }

    private Task MetricsAsync(HttpContext context)
    {
        string page = "";
        metrics.Collect(families => page = PrometheusText.Write(families));
        context.Response.ContentType = PrometheusText.ContentType;
        return context.Response.WriteAsync(page);
    }
}

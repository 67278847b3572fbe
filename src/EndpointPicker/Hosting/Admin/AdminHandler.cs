using EndpointPicker.Board;
using EndpointPicker.Hosting.Lifetime;
using EndpointPicker.Hosting.Metrics;

namespace EndpointPicker.Hosting.Admin;

/// <summary>The metrics port: health for everyone, metrics, explanations and the board for those who have access.</summary>
internal sealed class AdminHandler(MetricsCollector metrics, Readiness readiness, AdminAccess access, IEnumerable<IBoardPage> pages)
{
    private const string MetricsPath = "/metrics";
    private const string HealthPath = "/healthz";
    private const string ReadinessPath = "/readyz";

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    private readonly IBoardPage[] _pages = [.. pages];

    public async Task HandleAsync(HttpContext context)
    {
        string? path = context.Request.Path.Value;
        IBoardPage? page = Array.Find(_pages, page => page.Path == path);

        // Kubelets probe without a token.
        if (path is not (HealthPath or ReadinessPath) && await access.JudgeAsync(context, page) is { } refusal)
        {
            if (refusal.Challenge.Length > 0)
            {
                context.Response.Headers.WWWAuthenticate = refusal.Challenge;
            }

            await AnswerAsync(context, refusal.Status, $"{refusal.Text}\n");
            return;
        }

        IReadOnlyList<string> methods = page?.Methods ?? Reading;
        if (!methods.Contains(context.Request.Method))
        {
            string allowed = string.Join(", ", methods);
            context.Response.Headers.Allow = allowed;
            await AnswerAsync(context, StatusCodes.Status405MethodNotAllowed, $"only {allowed} are answered here\n");
            return;
        }

        await (page?.HandleAsync(context) ?? OwnAsync(context));
    }

    private Task OwnAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case MetricsPath:
                return MetricsAsync(context);
            case HealthPath:
                return AnswerAsync(context, StatusCodes.Status200OK, "ok\n");
            case ReadinessPath:
                return readiness.IsReady
                    ? AnswerAsync(context, StatusCodes.Status200OK, readiness.Remark is { Length: > 0 } remark ? $"ok; {remark}\n" : "ok\n")
                    : AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, $"not ready: {readiness.Reason}\n");
            default:
                string known = string.Join(' ', _pages.Where(page => !page.IsPart).Select(page => page.Path));
                return AnswerAsync(context, StatusCodes.Status404NotFound, $"not found; there are {MetricsPath} {HealthPath} {ReadinessPath} {known}\n");
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

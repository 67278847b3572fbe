using System.Buffers;
using ModelServerSimulator.Engine;
using ModelServerSimulator.Faults;
using ModelServerSimulator.Metrics;

namespace ModelServerSimulator.Http;

/// <summary><c>GET /metrics</c>, with the faults that befall the page alone.</summary>
internal sealed class MetricsEndpoint(InferenceEngine engine, FaultInjector faults, TimeProvider time)
{
    // The page that a frozen one shows; null while it is not frozen.
    private volatile byte[]? _frozen;

    public async Task SendAsync(HttpContext context)
    {
        FaultPlan plan = faults.Plan;
        bool strikes = faults.Strikes(plan.MetricsRate);
        if (strikes && plan.MetricsDelay > TimeSpan.Zero)
        {
            await Task.Delay(plan.MetricsDelay, time, context.RequestAborted).ConfigureAwait(false);
        }

        if (strikes && plan.MetricsPage == MetricsPageState.Missing)
        {
            await JsonReply.SendDetailAsync(context.Response, StatusCodes.Status404NotFound, "Not Found").ConfigureAwait(false);
            return;
        }

        byte[] page = Page(plan, strikes);
        context.Response.ContentType = "text/plain; version=1.0.0; charset=utf-8";
        context.Response.ContentLength = page.Length;
        await context.Response.BodyWriter.WriteAsync(page, context.RequestAborted).ConfigureAwait(false);
    }

    private byte[] Page(FaultPlan plan, bool strikes)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        engine.WriteMetrics(buffer);
        byte[] page = buffer.WrittenSpan.ToArray();
        if (plan.MetricsPage != MetricsPageState.Frozen)
        {
            _frozen = null;
        }
        else
        {
            _frozen ??= page;
            page = strikes ? _frozen : page;
        }

        return strikes && plan.MetricsWithout.Count > 0 ? PrometheusText.Without(page, plan.MetricsWithout) : page;
    }
}

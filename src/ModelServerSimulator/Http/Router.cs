using System.Buffers;
using ModelServerSimulator.Engine;

namespace ModelServerSimulator.Http;

/// <summary>The paths of the server. Every answer says in <c>x-served-by</c> which server it comes from.</summary>
internal sealed class Router(
    CompletionEndpoint completions, TokenizeEndpoint tokenizer, LoraEndpoint adapters, ModelRegistry models, InferenceEngine engine, ServerOptions options)
{
    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers["x-served-by"] = options.Name.Length > 0 ? options.Name : $"{context.Connection.LocalPort}";
        try
        {
            await DispatchAsync(context).ConfigureAwait(false);
        }
        catch (Exception exception) when (context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            // The client has left; its sequences are aborted and there is nobody to answer.
        }
    }

    private Task DispatchAsync(HttpContext context)
    {
        bool isPost = HttpMethods.IsPost(context.Request.Method);
        bool isGet = HttpMethods.IsGet(context.Request.Method);
        switch (context.Request.Path.Value)
        {
            case "/v1/chat/completions" when isPost:
                return completions.HandleAsync(context, isChat: true);
            case "/v1/completions" when isPost:
                return completions.HandleAsync(context, isChat: false);
            case "/tokenize" when isPost:
                return tokenizer.TokenizeAsync(context);
            case "/detokenize" when isPost:
                return tokenizer.DetokenizeAsync(context);
            case "/v1/load_lora_adapter" when isPost && options.ServesLora:
                return adapters.LoadAsync(context);
            case "/v1/unload_lora_adapter" when isPost && options.ServesLora:
                return adapters.UnloadAsync(context);
            case "/v1/models" when isGet:
                return JsonReply.SendAsync(context.Response, StatusCodes.Status200OK, models.Write);
            case "/metrics" when isGet:
                return SendMetricsAsync(context);
            case "/health" when isGet:
            case "/ping" when isGet || isPost:
                context.Response.ContentLength = 0;
                return Task.CompletedTask;
            case "/version" when isGet:
                return JsonReply.SendAsync(context.Response, StatusCodes.Status200OK, json =>
                {
                    json.WriteStartObject();
                    json.WriteString("version", "0.32.0");
                    json.WriteEndObject();
                });
            case "/v1/chat/completions" or "/v1/completions" or "/tokenize" or "/detokenize":
            case "/v1/load_lora_adapter" or "/v1/unload_lora_adapter" when options.ServesLora:
                return RefuseMethodAsync(context, HttpMethods.Post);
            case "/v1/models" or "/metrics" or "/health" or "/ping" or "/version":
                return RefuseMethodAsync(context, HttpMethods.Get);
            default:
                return RefuseAsync(context, StatusCodes.Status404NotFound, "Not Found");
        }
    }

    private async Task SendMetricsAsync(HttpContext context)
    {
        var page = new ArrayBufferWriter<byte>(64 * 1024);
        engine.WriteMetrics(page);
        context.Response.ContentType = "text/plain; version=1.0.0; charset=utf-8";
        context.Response.ContentLength = page.WrittenCount;
        await context.Response.BodyWriter.WriteAsync(page.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
    }

    private static Task RefuseMethodAsync(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "Method Not Allowed");
    }

    private static Task RefuseAsync(HttpContext context, int status, string detail) => JsonReply.SendAsync(context.Response, status, json =>
    {
        json.WriteStartObject();
        json.WriteString("detail", detail);
        json.WriteEndObject();
    });
}

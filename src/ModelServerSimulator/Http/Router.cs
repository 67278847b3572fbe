namespace ModelServerSimulator.Http;

/// <summary>The paths of the server. Every answer says in <c>x-served-by</c> which server it comes from.</summary>
internal sealed class Router(
    CompletionEndpoint completions,
    TokenizeEndpoint tokenizer,
    LoraEndpoint adapters,
    MetricsEndpoint metrics,
    AdminEndpoint admin,
    FaultGate gate,
    ModelRegistry models,
    ServerOptions options)
{
    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers["x-served-by"] = options.Name.Length > 0 ? options.Name : $"{context.Connection.LocalPort}";
        try
        {
            string path = context.Request.Path.Value ?? "";
            if (path == AdminEndpoint.Path || !await gate.InterceptAsync(context, path is "/v1/chat/completions" or "/v1/completions").ConfigureAwait(false))
            {
                await DispatchAsync(context).ConfigureAwait(false);
            }
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
            case AdminEndpoint.Path when isPost || isGet || HttpMethods.IsDelete(context.Request.Method):
                return admin.HandleAsync(context);
            case "/v1/models" when isGet:
                return JsonReply.SendAsync(context.Response, StatusCodes.Status200OK, models.Write);
            case "/metrics" when isGet:
                return metrics.SendAsync(context);
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
            case "/v1/models" or "/metrics" or "/health" or "/ping" or "/version" or AdminEndpoint.Path:
                return RefuseMethodAsync(context, HttpMethods.Get);
            default:
                return JsonReply.SendDetailAsync(context.Response, StatusCodes.Status404NotFound, "Not Found");
        }
    }

    private static Task RefuseMethodAsync(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return JsonReply.SendDetailAsync(context.Response, StatusCodes.Status405MethodNotAllowed, "Method Not Allowed");
    }
}

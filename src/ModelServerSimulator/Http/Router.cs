namespace ModelServerSimulator.Http;

/// <summary>Finds what answers a request, past the faults. Every answer says in <c>x-served-by</c> which server it comes from.</summary>
internal sealed class Router(IEnumerable<ServedPath> paths, FaultGate gate, string name)
{
    private readonly Dictionary<string, ServedPath> _paths = paths.ToDictionary(path => path.Path, StringComparer.Ordinal);

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers["x-served-by"] = name.Length > 0 ? name : $"{context.Connection.LocalPort}";
        ServedPath? path = _paths.GetValueOrDefault(context.Request.Path.Value ?? "");
        try
        {
            if (path is { IsSafe: true } || !await gate.InterceptAsync(context, path is { IsGeneration: true }).ConfigureAwait(false))
            {
                await DispatchAsync(context, path).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            // The client has left; its sequences are aborted and there is nobody to answer.
        }
    }

    private static Task DispatchAsync(HttpContext context, ServedPath? path)
    {
        if (path is null)
        {
            return JsonReply.SendDetailAsync(context.Response, StatusCodes.Status404NotFound, "Not Found");
        }

        if (path.Methods.Contains(context.Request.Method))
        {
            return path.Handler(context);
        }

        context.Response.Headers.Allow = path.Methods[0];
        return JsonReply.SendDetailAsync(context.Response, StatusCodes.Status405MethodNotAllowed, "Method Not Allowed");
    }
}

using ModelServerSimulator.Engine;
using ModelServerSimulator.Faults;
using ModelServerSimulator.Http;

namespace ModelServerSimulator.Hosting;

/// <summary>The paths of one server.</summary>
internal static class ServedPaths
{
    private static readonly string[] Get = [HttpMethods.Get];
    private static readonly string[] Post = [HttpMethods.Post];

    public static IEnumerable<ServedPath> Of(SimulatorOptions options, InferenceEngine engine, FaultInjector faults, TimeProvider time)
    {
        var models = new ModelRegistry(options.Engine.Model, options.Server, options.Engine.MaxModelLength, time);
        return
        [
            .. Completions(new CompletionEndpoint(new CompletionRequestReader(models, options.Engine, options.Server), engine, faults, time)),
            .. Tokens(new TokenizeEndpoint(models, options.Engine)),
            .. options.Server.ServesLora ? Adapters(new LoraEndpoint(models)) : [],
            new ServedPath("/v1/models", Get, context => JsonReply.SendAsync(context.Response, StatusCodes.Status200OK, models.Write)),
            new ServedPath("/metrics", Get, new MetricsEndpoint(engine, faults, time).SendAsync),
            new ServedPath("/health", Get, SendEmpty),
            new ServedPath("/ping", [HttpMethods.Get, HttpMethods.Post], SendEmpty),
            new ServedPath("/version", Get, SendVersion),
            new ServedPath(AdminEndpoint.Path, [HttpMethods.Get, HttpMethods.Post, HttpMethods.Delete], new AdminEndpoint(faults).HandleAsync) { IsSafe = true },
        ];
    }

    private static ServedPath[] Completions(CompletionEndpoint endpoint) =>
    [
        new("/v1/chat/completions", Post, context => endpoint.HandleAsync(context, isChat: true)) { IsGeneration = true },
        new("/v1/completions", Post, context => endpoint.HandleAsync(context, isChat: false)) { IsGeneration = true },
    ];

    private static ServedPath[] Tokens(TokenizeEndpoint endpoint) => [new("/tokenize", Post, endpoint.TokenizeAsync), new("/detokenize", Post, endpoint.DetokenizeAsync)];

    private static ServedPath[] Adapters(LoraEndpoint endpoint) =>
        [new("/v1/load_lora_adapter", Post, endpoint.LoadAsync), new("/v1/unload_lora_adapter", Post, endpoint.UnloadAsync)];

    private static Task SendEmpty(HttpContext context)
    {
        context.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    private static Task SendVersion(HttpContext context) => JsonReply.SendAsync(context.Response, StatusCodes.Status200OK, json =>
    {
        json.WriteStartObject();
        json.WriteString("version", "0.32.0");
        json.WriteEndObject();
    });
}

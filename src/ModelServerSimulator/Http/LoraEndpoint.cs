using System.Text;
using System.Text.Json;

namespace ModelServerSimulator.Http;

/// <summary>Loading and unloading of adapters while the server runs; success is plain text without a content type, as vLLM has it.</summary>
internal sealed class LoraEndpoint(ModelRegistry models)
{
    public Task LoadAsync(HttpContext context) => AnswerAsync(context, body =>
    {
        if ((Missing(body, "lora_name") ?? Missing(body, "lora_path")) is { } missing)
        {
            return (missing, "");
        }

        var module = new LoraModule(JsonBody.Text(body, "lora_name")!, JsonBody.Text(body, "lora_path")!);
        return (models.Load(module, JsonBody.Flag(body, "load_inplace")), $"Success: LoRA adapter '{module.Name}' added successfully.");
    });

    public Task UnloadAsync(HttpContext context) => AnswerAsync(context, body =>
    {
        if (Missing(body, "lora_name") is { } missing)
        {
            return (missing, "");
        }

        string name = JsonBody.Text(body, "lora_name")!;
        return (models.Unload(name), $"Success: LoRA adapter '{name}' removed successfully.");
    });

    private static async Task AnswerAsync(HttpContext context, Func<JsonElement, (ApiError? Error, string Success)> act)
    {
        (JsonDocument? document, ApiError? error) = await JsonBody.ReadAsync(context).ConfigureAwait(false);
        string success = "";
        if (document is not null)
        {
            using (document)
            {
                (error, success) = act(document.RootElement);
            }
        }

        if (error is not null)
        {
            await JsonReply.SendAsync(context.Response, error.Status, error.Write).ConfigureAwait(false);
            return;
        }

        byte[] text = Encoding.UTF8.GetBytes(success);
        context.Response.ContentLength = text.Length;
        await context.Response.BodyWriter.WriteAsync(text, context.RequestAborted).ConfigureAwait(false);
    }

    private static ApiError? Missing(JsonElement body, string field)
    {
        if (!body.TryGetProperty(field, out JsonElement value))
        {
            return ApiError.Missing(field, body.EnumerateObject().Count());
        }

        return value.ValueKind == JsonValueKind.String ? null : ApiError.WrongType(field, "string");
    }
}

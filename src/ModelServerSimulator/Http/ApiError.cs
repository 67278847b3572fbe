using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace ModelServerSimulator.Http;

/// <summary>An error answer with vLLM's fields.</summary>
internal sealed record ApiError(int Status, string Message, string Type, string? Parameter)
{
    public static ApiError UnknownModel(string model, string served) =>
        new(StatusCodes.Status404NotFound, $"The model `{model}` does not exist. Valid aliases: {served}.", "NotFoundError", "model");

    public static ApiError BadAdapterRequest(string message) => new(StatusCodes.Status400BadRequest, message, "InvalidUserInput", null);

    public static ApiError NoAdapter(string message) => new(StatusCodes.Status404NotFound, message, "NotFoundError", null);

    public static ApiError ContextTooLong(int limit) => new(
        StatusCodes.Status400BadRequest,
        $"This model's maximum context length is {limit} tokens. However, your prompt contains at least {limit + 1} input tokens, which exceeds this limit even without "
        + $"any output tokens. Please reduce the length of the input prompt. (parameter=input_tokens, value={limit + 1})",
        "BadRequestError",
        "input_tokens");

    public static ApiError MaxTokensTooLarge(int maxTokens, int limit) => new(
        StatusCodes.Status400BadRequest,
        $"max_tokens={maxTokens} cannot be greater than max_model_len={limit}. Please request fewer output tokens. (parameter=max_tokens, value={maxTokens})",
        "BadRequestError",
        "max_tokens");

    public static ApiError BadParameter(string parameter, string value, string message) => new(
        StatusCodes.Status400BadRequest, $"{message} (parameter={parameter}, value={value})", "BadRequestError", parameter);

    public static ApiError BadRequest(string message, string parameter) => new(StatusCodes.Status400BadRequest, message, "BadRequestError", parameter);

    /// <summary>What vLLM says with a status, as far as it has words of its own for it.</summary>
    public static ApiError OfStatus(int status) => status switch
    {
        StatusCodes.Status400BadRequest => new(status, "The request could not be processed.", "BadRequestError", null),
        StatusCodes.Status404NotFound => new(status, "The model does not exist.", "NotFoundError", "model"),
        StatusCodes.Status500InternalServerError =>
            new(status, "EngineCore encountered an issue. See stack trace (above) for the root cause.", "InternalServerError", null),
        StatusCodes.Status503ServiceUnavailable => new(
            status,
            "The engine is currently busy and cannot accept new requests. Please try again later or on a different instance.",
            ReasonPhrases.GetReasonPhrase(status),
            null),
        _ => new(status, $"{ReasonPhrases.GetReasonPhrase(status)}.", ReasonPhrases.GetReasonPhrase(status), null),
    };

    public static ApiError BadJson(long offset) => Validation(
        $"{{'type': 'json_invalid', 'loc': 'body.{offset}', 'msg': 'JSON decode error', 'input': '<dict of 0 items>', 'ctx': {{'error': 'Expecting value'}}}}",
        $"body.{offset}");

    public static ApiError Missing(string field, int fieldCount) => Validation(
        $"{{'type': 'missing', 'loc': 'body.{field}', 'msg': 'Field required', 'input': '<dict of {fieldCount} items>'}}", $"body.{field}");

    public static ApiError WrongType(string field, string expected) => Validation(
        $"{{'type': 'type_error', 'loc': 'body.{field}', 'msg': 'Input should be a valid {expected}'}}", $"body.{field}");

    public static ApiError UnsupportedMediaType() => Validation("Unsupported Media Type: Only 'application/json' is allowed", null);

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", Message);
        json.WriteString("type", Type);
        json.WriteString("param", Parameter);
        json.WriteNumber("code", Status);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static ApiError Validation(string what, string? parameter) =>
        new(StatusCodes.Status400BadRequest, "1 validation error:\n  " + what, "Bad Request", parameter);
}

using System.Buffers;
using System.Text;
using System.Text.Json;

namespace EndpointPicker.Core.RequestControl;

/// <summary>What a client reads of a refusal: the status, and an error as OpenAI's API words it, or as the reference does.</summary>
public static class RefusalBody
{
    /// <summary>The HTTP status of an error.</summary>
    /// <param name="error">The error; not <see cref="InferenceErrorCode.None"/>.</param>
    /// <returns>The status.</returns>
    public static int Status(InferenceErrorCode error) => error switch
    {
        InferenceErrorCode.BadRequest => 400,
        InferenceErrorCode.PreconditionFailed => 412,
        InferenceErrorCode.PayloadTooLarge => 413,
        InferenceErrorCode.ResourceExhausted => 429,
        InferenceErrorCode.ServiceUnavailable => 503,
        _ => 500,
    };

    /// <summary>The error's code, as the body and Envoy's response details have it.</summary>
    /// <param name="result">A refusal.</param>
    /// <returns>The code, such as <c>no_endpoints</c>.</returns>
    public static string Code(in SchedulingResult result) => (result.Error, result.Reason) switch
    {
        (InferenceErrorCode.BadRequest, _) => "bad_request",
        (InferenceErrorCode.PreconditionFailed, _) => "precondition_failed",
        (InferenceErrorCode.PayloadTooLarge, _) => "request_body_too_large",
        (_, PickReason.NoEndpoints) => "no_endpoints",
        (_, PickReason.Saturated) => "saturated",
        (_, PickReason.Shed) => "shed",
        _ => "internal_error",
    };

    /// <summary>The body, as JSON in OpenAI's shape.</summary>
    /// <param name="result">A refusal.</param>
    /// <returns>UTF-8.</returns>
    public static ReadOnlySpan<byte> Json(in SchedulingResult result)
    {
        ArrayBufferWriter<byte> bytes = new();
        using Utf8JsonWriter json = new(bytes);
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, result.Message);
        json.WriteString("type"u8, Type(result.Error));
        json.WriteString("param"u8, result.Parameter);
        json.WriteString("code"u8, Code(result));
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenSpan;
    }

    /// <summary>The body as the reference words it.</summary>
    /// <param name="result">A refusal.</param>
    /// <returns>UTF-8 text.</returns>
    public static ReadOnlySpan<byte> ReferenceText(in SchedulingResult result) =>
        Encoding.UTF8.GetBytes($"inference error: {result.Error} - {result.ReferenceMessage}");

    private static string Type(InferenceErrorCode error) => error switch
    {
        InferenceErrorCode.BadRequest or InferenceErrorCode.PreconditionFailed or InferenceErrorCode.PayloadTooLarge => "invalid_request_error",
        InferenceErrorCode.ResourceExhausted => "rate_limit_error",
        InferenceErrorCode.ServiceUnavailable => "service_unavailable_error",
        _ => "server_error",
    };
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using EndpointPicker.Core.RequestControl;

namespace EndpointPicker.ExtProc;

/// <summary>Turns a refusal into the immediate response that the client gets.</summary>
internal static class ErrorAnswer
{
    // The shortest whole second; pools recover within scrapes of tens of milliseconds.
    private static ReadOnlySpan<byte> RetryAfterSeconds => "1"u8;

    private static ReadOnlySpan<byte> DroppedReasonHeader => "x-llm-d-request-dropped-reason"u8;

    public static void Write(in SchedulingResult result, bool reference, HeaderMutationBuffer mutation, AnswerWriter answers)
    {
        mutation.Clear();
        if (result.DroppedReason is { } dropped)
        {
            mutation.Set(DroppedReasonHeader, Encoding.ASCII.GetBytes(dropped));
        }

        int status = Status(result.Error);
        string details = $"epp_{Code(result)}";
        if (reference)
        {
            string text = $"inference error: {result.Error} - {result.ReferenceMessage}";
            answers.Immediate(status, mutation.Encoded, Encoding.UTF8.GetBytes(text), Encoding.ASCII.GetBytes(details));
            return;
        }

        mutation.Set("content-type"u8, "application/json"u8);
        if (status is 429 or 503)
        {
            mutation.Set("retry-after"u8, RetryAfterSeconds);
        }

        answers.Immediate(status, mutation.Encoded, Json(result), Encoding.ASCII.GetBytes(details));
    }

    private static ReadOnlySpan<byte> Json(in SchedulingResult result)
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

    private static int Status(InferenceErrorCode error) => error switch
    {
        InferenceErrorCode.BadRequest => 400,
        InferenceErrorCode.PreconditionFailed => 412,
        InferenceErrorCode.PayloadTooLarge => 413,
        InferenceErrorCode.ResourceExhausted => 429,
        InferenceErrorCode.ServiceUnavailable => 503,
        _ => 500,
    };

    private static string Type(InferenceErrorCode error) => error switch
    {
        InferenceErrorCode.BadRequest or InferenceErrorCode.PreconditionFailed or InferenceErrorCode.PayloadTooLarge => "invalid_request_error",
        InferenceErrorCode.ResourceExhausted => "rate_limit_error",
        InferenceErrorCode.ServiceUnavailable => "service_unavailable_error",
        _ => "server_error",
    };

    private static string Code(in SchedulingResult result) => (result.Error, result.Reason) switch
    {
        (InferenceErrorCode.BadRequest, _) => "bad_request",
        (InferenceErrorCode.PreconditionFailed, _) => "precondition_failed",
        (InferenceErrorCode.PayloadTooLarge, _) => "request_body_too_large",
        (_, PickReason.NoEndpoints) => "no_endpoints",
        (_, PickReason.Saturated) => "saturated",
        (_, PickReason.Shed) => "shed",
        _ => "internal_error",
    };
}

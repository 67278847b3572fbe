using System.Text;
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

        int status = RefusalBody.Status(result.Error);
        byte[] details = Encoding.ASCII.GetBytes($"epp_{RefusalBody.Code(result)}");
        if (reference)
        {
            answers.Immediate(status, mutation.Encoded, RefusalBody.ReferenceText(result), details);
            return;
        }

        mutation.Set("content-type"u8, "application/json"u8);
        if (status is 429 or 503)
        {
            mutation.Set("retry-after"u8, RetryAfterSeconds);
        }

        answers.Immediate(status, mutation.Encoded, RefusalBody.Json(result), details);
    }
}

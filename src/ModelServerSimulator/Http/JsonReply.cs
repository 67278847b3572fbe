using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ModelServerSimulator.Http;

/// <summary>Sends small JSON bodies, whole with a length or as server-sent events.</summary>
internal static class JsonReply
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task SendAsync(HttpResponse response, int status, Action<Utf8JsonWriter> write)
    {
        ReadOnlyMemory<byte> body = Render(write);
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body, response.HttpContext.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>The answer of vLLM's web framework where vLLM itself was not reached.</summary>
    public static Task SendDetailAsync(HttpResponse response, int status, string detail) => SendAsync(response, status, json =>
    {
        json.WriteStartObject();
        json.WriteString("detail", detail);
        json.WriteEndObject();
    });

    /// <summary>Puts one event into the response's buffer; the caller flushes.</summary>
    public static void WriteEvent(HttpResponse response, Action<Utf8JsonWriter> write)
    {
        response.BodyWriter.Write("data: "u8);
        response.BodyWriter.Write(Render(write).Span);
        response.BodyWriter.Write("\n\n"u8);
    }

    private static ReadOnlyMemory<byte> Render(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            write(json);
        }

        return buffer.WrittenMemory;
    }
}

using System.Text;
using System.Text.Json;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Requests.Readers;

namespace EndpointPicker.Core.Tests.Requests.Readers;

public sealed class ReaderFuzzTests
{
    private static readonly string[] Names =
    [
        "model", "stream", "messages", "role", "content", "type", "text", "image_url", "url", "input_audio", "data", "format", "tools", "tool_calls", "prompt",
        "input", "items", "instructions", "system", "thinking", "source", "max_tokens", "max_completion_tokens", "max_output_tokens", "cache_salt", "extra_key",
        "input_ids", "token_ids", "sampling_params", "max_new_tokens", "features", "file_data", "id", "name", "n", "size", "MODEL", "Messages", "other",
    ];

    private static readonly string[] Scalars =
        ["null", "true", "false", "0", "7", "-1", "1.5", "1e3", "4294967296", "\"\"", "\"a\"", "\"x-anthropic-billing-header: 1\"", "\"x-anthropic\"", "\"\\ud83d\\ude00é\\n\"", "\"data:image/png;base64,iVBORw0KGgo=\""];

    private static readonly RequestApi[] Apis = [.. Enum.GetValues<RequestApi>().Where(api => RequestSchemas.Find(api, dialects: false) is not null)];

    [Theory]
    [InlineData(11, false)]
    [InlineData(12, true)]
    public void Finish_BodiesOfTheRightNamesAndWrongShapes_ReadTheSameInAnySplit(int seed, bool dialects)
    {
        Random random = new(seed);
        JsonRequestReader reader = new(new RequestReadingOptions { AcceptDialects = dialects, MaxDepth = 16 }, new ModelNames(64));
        int accepted = 0;
        for (int i = 0; i < 6000; i++)
        {
            RequestApi api = Apis[random.Next(Apis.Length)];
            StringBuilder text = new();
            Object(random, text, 0);
            byte[] body = Encoding.UTF8.GetBytes(text.ToString());
            bool cut = random.Next(4) == 0;
            if (cut)
            {
                body = body[..random.Next(body.Length + 1)];
            }

            ReaderRun whole = ReaderRun.Of(reader, api, body, Math.Max(1, body.Length), cut);
            ReaderRun split = ReaderRun.Of(reader, api, body, 1 + random.Next(20), cut);

            string what = $"{api} {Encoding.UTF8.GetString(body)}";
            Assert.True(whole.Error == split.Error, $"{what}: {whole.Error} or {split.Error}");
            Assert.True(whole.Prompt.SequenceEqual(split.Prompt), $"{what}: {string.Join('|', whole.Prompt)} or {string.Join('|', split.Prompt)}");
            Assert.Equal(Fields(whole.Request), Fields(split.Request));
            if (!cut)
            {
                CheckAgainstSystemTextJson(api, body, whole, what);
            }

            accepted += whole.Error is null ? 1 : 0;
        }

        Assert.InRange(accepted, 500, 5500);
    }

    private static void CheckAgainstSystemTextJson(RequestApi api, byte[] body, ReaderRun run, string what)
    {
        using JsonDocument document = JsonDocument.Parse(body);
        JsonElement root = document.RootElement;
        string model = root.TryGetProperty("model", out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        bool stream = root.TryGetProperty("stream", out JsonElement flag) && flag.ValueKind == JsonValueKind.True;

        Assert.True(run.Request.Stream == stream, what);
        if (api != RequestApi.SglangGenerate)
        {
            Assert.True(run.Request.Model == model, what);
            string place = value.ValueKind == JsonValueKind.Undefined ? "" : value.GetRawText();
            Assert.Equal(place, Encoding.UTF8.GetString(body[run.Request.ModelValue]));
        }
    }

    private static string Fields(InferenceRequest request) =>
        $"{request.Model} {request.ModelValue} {request.ModelInsertion} {request.Stream} {request.MaxOutputTokens} {request.MediaParts}";

    private static void Value(Random random, StringBuilder text, int depth)
    {
        switch (depth > 5 ? 0 : random.Next(4))
        {
            case 0 or 1:
                text.Append(Scalars[random.Next(Scalars.Length)]);
                break;
            case 2:
                text.Append('[');
                string? same = random.Next(2) == 0 ? Scalars[random.Next(Scalars.Length)] : null;
                for (int i = random.Next(4); i > 0; i--)
                {
                    if (same is null)
                    {
                        Value(random, text, depth + 1);
                    }
                    else
                    {
                        text.Append(same);
                    }

                    text.Append(i > 1 ? "," : "");
                }

                text.Append(']');
                break;
            default:
                Object(random, text, depth + 1);
                break;
        }
    }

    private static void Object(Random random, StringBuilder text, int depth)
    {
        text.Append('{');
        for (int i = random.Next(depth == 0 ? 8 : 4); i > 0; i--)
        {
            text.Append('"').Append(Names[random.Next(Names.Length)]).Append("\": ");
            Value(random, text, depth + 1);
            text.Append(i > 1 ? "," : "");
        }

        text.Append('}');
    }
}
